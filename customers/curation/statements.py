"""What was stated of the people of a deleted customer: taken away, kept with the act, and written again when undone."""

from collections.abc import Sequence

from django.db import connection

_TAKE_AWAY = """
    WITH taken AS (DELETE FROM customers_membership WHERE customer_id = %(customer)s RETURNING *),
    noted AS (
        INSERT INTO customers_takenalong (act_id, model, customer, row, kept)
        SELECT %(act)s, 'customers.membership', %(customer)s,
               md5(concat_ws(' ', contact_id, from_at, message_hash)), to_jsonb(taken)
        FROM taken
    ) SELECT DISTINCT contact_id FROM taken ORDER BY 1
"""
# Whose they are now: calls may have joined contacts meanwhile, and colleagues merged some.
_GIVE_BACK = """
    WITH kept AS (
        SELECT (jsonb_populate_record(NULL::customers_membership, taken.kept)).*
        FROM customers_takenalong AS taken WHERE act_id = %(act)s AND model = 'customers.membership'
    ), placed AS (
        SELECT kept.*, COALESCE(name.contact_id, counts.id) AS whose,
               CASE WHEN name.id IS NULL THEN NULLIF(own.id, counts.id) ELSE name.via END AS via
        FROM kept
        LEFT JOIN customers_identity AS name ON name.id = kept.person_id
        LEFT JOIN customers_contact AS own ON own.id = COALESCE(kept.via_contact, kept.contact_id)
        LEFT JOIN LATERAL (
            WITH RECURSIVE up AS (
                SELECT own.id, own.merged_into_id
                UNION SELECT above.id, above.merged_into_id FROM customers_contact AS above
                JOIN up ON above.id = up.merged_into_id
            ) SELECT id FROM up WHERE merged_into_id IS NULL
        ) AS counts ON TRUE
    ), written AS (
        INSERT INTO customers_membership
            (contact_id, from_at, message_hash, customer_id, person_id, origin, via_contact, via_customer)
        SELECT whose, from_at, message_hash, customer_id, person_id, origin, via, via_customer
        FROM placed WHERE whose IS NOT NULL ON CONFLICT DO NOTHING RETURNING contact_id
    ) SELECT DISTINCT contact_id FROM written ORDER BY 1
"""


def take_away(customer: int, *, act: int) -> Sequence[int]:
    """Have nobody belong to a customer; return who did. One query."""
    return _run(_TAKE_AWAY, customer=customer, act=act)


def give_back(act: int) -> Sequence[int]:
    """Have people belong where an act had them belong no more; return them. One query."""
    return _run(_GIVE_BACK, act=act)


def _run(statement: str, **params: int) -> Sequence[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return [contact for (contact,) in cursor.fetchall()]
