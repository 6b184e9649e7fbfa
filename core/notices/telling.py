"""Telling colleagues: written in the transaction that decides it, once for each act."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.db import connection, transaction

from core.models import Notice, NoticeMute


class Subject(NamedTuple):
    """One thing to tell of: the row that decides who may see it, mostly a customer, and perhaps a thing of it."""

    about: int
    item: str = ""


# In order of person and thing: of two acts at once, the second waits for the first and never the other way round.
# Setting the kind anew changes nothing; DO NOTHING would not return the notice that stands.
_WRITE = """
    WITH heads AS (
        INSERT INTO core_notice (person_id, kind, key, by_id, at)
        SELECT person, %(kind)s, %(key)s, %(by)s, %(now)s FROM unnest(%(people)s::bigint[]) AS person ORDER BY person
        ON CONFLICT (person_id, key) DO UPDATE SET kind = EXCLUDED.kind RETURNING id, person_id
    )
    INSERT INTO core_noticesubject (notice_id, person_id, kind, about, item, is_unread)
    SELECT heads.id, heads.person_id, %(kind)s, told.about, told.item, TRUE
    FROM unnest(%(persons)s::bigint[], %(abouts)s::bigint[], %(items)s::text[]) AS told (person, about, item)
    JOIN heads ON heads.person_id = told.person ORDER BY 2, 4, 5
    ON CONFLICT DO NOTHING RETURNING notice_id
"""
_DROP_EMPTY = """
    DELETE FROM core_notice AS head WHERE person_id = ANY(%(people)s::bigint[]) AND key = %(key)s
      AND NOT EXISTS (SELECT FROM core_noticesubject WHERE notice_id = head.id)
"""


def tell(kind: str, told: Mapping[int, Collection[Subject]], *, key: str, by: int | None, now: datetime) -> None:
    """Tell colleagues (by id) of things, in the caller's transaction: one notice for each, however many things.

    `key` names the act. Told again under the same key, what is known adds nothing, and what is new joins the notice of
    that act, which is unread again: an act may be told in parts. What somebody was told of in this kind and has not
    read yet is not told again. Nobody is told of their own act (`by`), nor who may not sign in, nor who muted the
    kind. Four queries and a savepoint, whatever the numbers; none when there is nobody to tell.
    """
    those = [person for person, subjects in told.items() if subjects and person != by]
    if not those or not (people := _listening(kind, those)):
        return
    rows = [(person, *subject) for person in people for subject in {*told[person]}]
    persons, abouts, items = (list(column) for column in zip(*rows, strict=True))
    values = {
        "kind": kind, "key": key, "by": by, "now": now, "people": people,
        "persons": persons, "abouts": abouts, "items": items,
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_WRITE, values)
        new = {notice for (notice,) in cursor.fetchall()}
        cursor.execute(_DROP_EMPTY, values)
        Notice.objects.filter(pk__in=new).exclude(read_at=None).update(read_at=None)


def _listening(kind: str, people: Collection[int]) -> list[int]:
    """Return who of these may sign in and has not muted the kind. One query."""
    muted = NoticeMute.objects.filter(kind=kind).values("person")
    rows = get_user_model()._default_manager.filter(pk__in=people, is_active=True).exclude(pk__in=muted)
    return sorted(rows.values_list("pk", flat=True))
