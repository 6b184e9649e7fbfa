"""What happened to a customer in a span of days, as its records tell: contacts, tickets, overrides, renewals."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from core.days import ONE_DAY, business_day, start
from customers.models import Customer
from events import catalogue
from records.models import Note
from records.models.ticket import Priority

MOST = 60  # newest rows of each kind; more marks would hide the line
TEXT = 44  # letters of what was written
ICONS = {"note": "notebook-pen", "call": "phone", "meeting": "users", "mail": "mail"}


@dataclass(frozen=True, slots=True)
class Happening:
    day: date
    what: str
    icon: str
    text: str = ""  # what was written
    is_of_score: bool = False  # the score page tells more of it, of all others the timeline
    tone: str = ""
    times: int = 1

    @property
    def label(self) -> str:
        what = self.what if self.times == 1 else f"{self.what} ×{self.times}"
        return f"{what}: {self.text}" if self.text else what


class _Row(NamedTuple):
    what: str
    at: datetime | None  # None: `on` is its day
    on: date | None
    over_at: datetime | None
    text: str


# Each kind is cut by itself: a thousand notes must not push out the one ticket. Written down, as to put six queries
# together anew takes Django longer than PostgreSQL to answer them. A renewal is kept as `Contract.renewal` says.
_HAPPENED = """
    (SELECT kind, at, NULL::date, NULL::timestamptz, left(text, %(text)s) FROM records_note
      WHERE customer_id = %(customer)s AND at >= %(since)s AND at < %(until)s ORDER BY at DESC LIMIT %(most)s)
    UNION ALL
    (SELECT 'escalated', escalated_at, NULL, NULL, left(subject, %(text)s) FROM records_ticket
      WHERE customer_id = %(customer)s AND escalated_at >= %(since)s AND escalated_at < %(until)s
      ORDER BY escalated_at DESC LIMIT %(most)s)
    UNION ALL
    (SELECT 'opened', opened_at, NULL, NULL, left(subject, %(text)s) FROM records_ticket
      WHERE customer_id = %(customer)s AND opened_at >= %(since)s AND opened_at < %(until)s
        AND priority = ANY(%(grave)s)
      ORDER BY opened_at DESC LIMIT %(most)s)
    UNION ALL
    (SELECT 'renewal', NULL, renews_on, NULL, left(name, %(text)s) FROM records_contract
      WHERE customer_id = %(customer)s AND renews_on BETWEEN %(first)s AND %(today)s
        AND (ends_on IS NULL OR renews_on <= ends_on)
      ORDER BY renews_on DESC LIMIT %(most)s)
    UNION ALL
    (SELECT 'override', set_at, until, ended_at, left(reason, %(text)s) FROM scoring_override
      WHERE customer_id = %(customer)s AND until >= %(first)s - 1 ORDER BY set_at DESC LIMIT %(most)s)
    UNION ALL
    (SELECT 'touched', NULL, count.day, NULL, type.name FROM events_dailycount AS count
      JOIN events_eventtype AS type ON type.id = count.event_type_id AND type.is_touch
      WHERE count.customer_id = %(customer)s AND count.day BETWEEN %(first)s AND %(today)s
      GROUP BY count.day, type.name HAVING sum(count.count) > 0 ORDER BY count.day DESC LIMIT %(most)s)
"""


def load_happenings(customer: Customer, *, first: date, today: date) -> list[Happening]:
    """Return what happened from `first` to `today`, those of one kind on one day as one. One query."""
    asked: dict[str, Any] = {
        "customer": customer.pk,
        "first": first,
        "today": today,
        "since": start(first),
        "until": start(today + ONE_DAY),
        "grave": [Priority.HIGH.value, Priority.URGENT.value],
        "text": TEXT,
        "most": MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HAPPENED, asked)
        rows = [_Row(*row) for row in cursor.fetchall()]
    return _once_a_day(_happenings(rows, first, today))


def _happenings(rows: list[_Row], first: date, today: date) -> Iterator[Happening]:
    begun = {row.at for row in rows if row.what == "override"}
    noted = {business_day(row.at) for row in rows if row.what in ICONS and row.at}
    for row in rows:
        day = row.on if row.at is None else business_day(row.at)
        assert day is not None
        if row.what == "override":
            if first <= day:
                yield Happening(day, _("Health overridden"), "hand", row.text, is_of_score=True)
            ended = _end(row)
            # One that another one follows ends with that one's beginning.
            if first <= ended <= today and row.over_at not in begun:
                yield Happening(ended, _("Override ended"), "hand", is_of_score=True)
        elif row.what == "touched":
            # Of a day with a note it is the event that the note itself told.
            if day not in noted:
                yield Happening(day, catalogue.label(row.text), "users")
        elif row.what == "renewal":
            yield Happening(day, _("Renewal"), "calendar-clock", row.text)
        elif row.what == "escalated":
            yield Happening(day, _("Ticket escalated"), "siren", row.text, tone="danger")
        elif row.what == "opened":
            yield Happening(day, _("Ticket of high priority opened"), "life-buoy", row.text, tone="danger")
        else:
            yield Happening(day, str(Note.Kind(row.what).label), ICONS[row.what], row.text)


def _end(row: _Row) -> date:
    """Return the first day on which an override held no more."""
    assert row.on is not None
    over = row.on + ONE_DAY
    return over if row.over_at is None else min(over, business_day(row.over_at))


def _once_a_day(happened: Iterable[Happening]) -> list[Happening]:
    found: dict[tuple[date, str], Happening] = {}
    for one in happened:
        key = one.day, one.what
        found[key] = replace(found[key], times=found[key].times + 1) if key in found else one
    return list(found.values())
