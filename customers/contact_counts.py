"""How many contacts each customer has, noted once a day as an input of health; not those who object to being scored."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import connection, transaction

from core import days
from core.jobs import periodic
from customers import change_feed
from customers.models import Stage

NAME = "contacts"
JOB = "note-contacts"

# Only what differs from the last row, or was last logged a week ago; these customers are to be scored again.
_NOTE = """
    WITH counted AS (
        SELECT customer.id, count(contact.id) * 1000 AS number
        FROM customers_customer AS customer
        LEFT JOIN customers_contact AS contact ON contact.customer_id = customer.id AND NOT contact.stop_scoring
             AND contact.merged_into_id IS NULL AND contact.removed_at IS NULL
        WHERE NOT customer.provisional AND customer.merged_into_id IS NULL AND customer.removed_at IS NULL
          AND customer.stage = ANY(%(followed)s) AND {who} GROUP BY customer.id
    ), written AS (
        INSERT INTO customers_inputlog (customer_id, name, known_on, number)
        SELECT counted.id, %(name)s, %(day)s, counted.number
        FROM counted LEFT JOIN LATERAL (
            SELECT number, known_on FROM customers_inputlog AS old
            WHERE old.customer_id = counted.id AND old.name = %(name)s AND old.known_on <= %(day)s
            ORDER BY known_on DESC LIMIT 1
        ) AS last ON true
        WHERE last.known_on IS NULL OR last.known_on <= %(day)s - 7 OR last.number IS DISTINCT FROM counted.number
        ON CONFLICT (customer_id, name, known_on) DO UPDATE SET number = EXCLUDED.number
        RETURNING customer_id
    )
    SELECT customer_id FROM written
"""


def note(*, now: datetime) -> None:
    """Once a day: log the number of contacts of every customer on trial or active, where it changed."""
    today = days.business_day(now).isoformat()
    run = periodic.begin(JOB, today, now=now)
    if run is None:
        return
    with transaction.atomic():
        _write(days.lock_open_day(now))
    periodic.finish(run, now=now)


def note_for(customers: Collection[int], open_day: date) -> None:
    """Log the number of contacts of these customers, where it changed: the counts of that day rest on it."""
    _write(open_day, "customer.id = ANY(%(customers)s::bigint[])", customers=list(customers))


def _write(open_day: date, who: str = "TRUE", **params: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _NOTE.format(who=who), {"followed": list(Stage.followed()), "name": NAME, "day": open_day, **params}
        )
        written = [customer for (customer,) in cursor.fetchall()]
    change_feed.note(written)
