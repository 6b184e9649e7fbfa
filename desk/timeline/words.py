"""Words in a customer's events: looked for newest first, in the house's one spelling.

Nothing of an event is kept folded, and SQL cannot fold (docs/decisions/0048-search.md). So Python reads the events in
the order of their table's key, and stops when a page is full, or at READ events: the next page goes on from there.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from core import pagination
from core.db.search import lines, matcher
from customers.models import Customer
from events import catalogue
from events.models import Event
from events.models.event import NEWEST_FIRST
from surveys.answering.survey_events import EVENT as ANSWERED
from surveys.models import Answer

READ = 2_000  # events for one page: some 50 ms
TOLD = 500  # letters of each text that was sent
COLUMNS = ("occurred_at", "id", "day", "event_type__name", "contact__search", "properties")
# Any tool may send a property of this name; what is no UUID would be an error of the database.
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Found:
    page: pagination.Page[Event]
    back_to: date | None  # the day of the oldest event that was read, where older ones were not; None: all were


def find(customer: Customer, events: QuerySet[Event], text: str, cursor: str | None) -> Found:
    """Return the customer's events that hold all words of a text, a page of them. Raises BadCursor.

    Two queries, and one where surveys were answered.
    """
    rows: Sequence[Any] = NEWEST_FIRST.rows(events.values_list(*COLUMNS, named=True), cursor, READ + 1)
    comments, holds = _comments(customer, rows), matcher(text)
    keys: list[tuple[datetime, int]] = []
    last: Any = None
    for last in rows[:READ]:
        if holds(_texts(last, comments)):
            keys.append((last.occurred_at, last.id))
        if len(keys) == pagination.SIZE:
            break
    is_end = last is None or last is rows[-1]
    page = pagination.Page(_events(events, keys), None if is_end else NEWEST_FIRST.cursor(last), is_first=not cursor)
    return Found(page, None if is_end or len(keys) == pagination.SIZE else last.day)


def _events(events: QuerySet[Event], keys: Sequence[tuple[datetime, int]]) -> list[Event]:
    if not keys:
        return []
    # The times keep the search within their months.
    span = (keys[-1][0], keys[0][0])
    rows = events.filter(occurred_at__range=span, id__in=[number for _at, number in keys])
    return list(rows.order_by(*(column.order() for column in NEWEST_FIRST.columns)))


def answer_of(event_type: str, properties: Mapping[str, Any]) -> str:
    """Return the id of the survey answer that an event is about; "" where it is about none."""
    answer = properties.get("answer") if event_type == ANSWERED else None
    return answer if isinstance(answer, str) and UUID.fullmatch(answer) else ""


def _comments(customer: Customer, rows: Sequence[Any]) -> dict[str, str]:
    """Return answer → its folded comment, of those that name their contact. One query, none without answers."""
    ids = {answer for row in rows if (answer := answer_of(row.event_type__name, row.properties))}
    if not ids:
        return {}
    found = Answer.objects.named().filter(customer=customer, id__in=ids)
    return {str(pk): search for pk, search in found.values_list("id", "search")}


def _texts(row: Any, comments: Mapping[str, str]) -> str:
    """Return all that is searched of an event, folded, each text a line."""
    name = row.event_type__name
    # Of an answer to a survey of ours the page shows the survey and, where it names its contact, the comment.
    is_ours = name == ANSWERED and "kind" in row.properties
    told = [str(row.properties.get("survey", ""))] if is_ours else _sent(row.properties)
    sent = "".join(_folded(text) for text in told)
    answer = comments.get(answer_of(name, row.properties), "")
    return f"{_folded(name)}{_folded(catalogue.label(name))}{row.contact__search or ''}{answer}{sent}"


def _sent(properties: Mapping[str, Any]) -> Iterator[str]:
    for key, value in properties.items():
        yield key[:TOLD]
        if isinstance(value, str | int | float):
            yield str(value)[:TOLD]


@lru_cache(maxsize=4_096)
def _folded(text: str) -> str:
    return lines(text)
