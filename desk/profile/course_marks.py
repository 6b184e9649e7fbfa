"""What happened to a customer in a span of days, as its records tell: contacts, tickets, overrides, renewals."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import CharField, DateField, DateTimeField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Left
from django.utils.translation import gettext as _

from core.days import business_day, within
from customers.models import Customer
from records.models import Contract, Note, Ticket
from records.models.ticket import Priority
from scoring.models import Override

MOST = 60  # newest rows of each kind; more marks would hide the line
TEXT = 80  # letters of what was written
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
    at: Any  # an instant; None: `on` is its day
    on: date | None
    over_at: Any
    text: str


def load_happenings(customer: Customer, *, first: date, today: date) -> list[Happening]:
    """Return what happened from `first` to `today`, those of one kind on one day as one. One query."""
    notes = Note.objects.filter(within("at", first, today), customer=customer)
    tickets = Ticket.objects.filter(customer=customer)
    escalated = tickets.filter(within("escalated_at", first, today))
    opened = tickets.filter(within("opened_at", first, today), priority__in=(Priority.HIGH, Priority.URGENT))
    # Kept as `Contract.renewal` says.
    kept = Q(ends_on=None) | Q(ends_on__gte=F("renews_on"))
    renewed = Contract.objects.filter(kept, customer=customer, renews_on__range=(first, today))
    overrides = Override.objects.filter(customer=customer, until__gte=first - timedelta(days=1))
    # Each kind is cut by itself: a thousand notes must not push out the one ticket.
    rows = _rows(notes, F("kind"), Left("text", TEXT), at=F("at")).union(
        _rows(escalated, Value("escalated"), Left("subject", TEXT), at=F("escalated_at")),
        _rows(opened, Value("opened"), Left("subject", TEXT), at=F("opened_at")),
        _rows(renewed, Value("renewal"), Left("name", TEXT), on=F("renews_on")),
        _rows(overrides, Value("override"), Left("reason", TEXT), at=F("set_at"), on=F("until"), over=F("ended_at")),
        all=True,
    )
    return _once_a_day(_happenings([_Row(*row) for row in rows], first, today))


def _rows(found: QuerySet[Any], what: Any, text: Any, *, at: Any = None, on: Any = None, over: Any = None) -> Any:
    """Return the newest rows, in columns that are the same for all kinds."""
    columns = {
        "mark": Cast(what, CharField()),
        "mark_at": Cast(at or Value(None), DateTimeField()),
        "mark_on": Cast(on or Value(None), DateField()),
        "mark_over": Cast(over or Value(None), DateTimeField()),
        "mark_text": Cast(text, CharField()),
    }
    newest = found.annotate(**columns).order_by(F("mark_at" if at else "mark_on").desc())
    return newest.values_list(*columns)[:MOST]


def _happenings(rows: list[_Row], first: date, today: date) -> Iterator[Happening]:
    begun = {row.at for row in rows if row.what == "override"}
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
    over = row.on + timedelta(days=1)
    return over if row.over_at is None else min(over, business_day(row.over_at))


def _once_a_day(happened: Iterable[Happening]) -> list[Happening]:
    found: dict[tuple[date, str], Happening] = {}
    for one in happened:
        key = one.day, one.what
        found[key] = replace(found[key], times=found[key].times + 1) if key in found else one
    return list(found.values())
