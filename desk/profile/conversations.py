"""Notes, calls and meetings, open tickets, and what colleagues changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Subquery, Window
from django.db.models.functions import JSONObject

from core.days import business_day, within
from customers.models import Change, Customer
from desk.profile.field_words import FieldWords
from records import tickets
from records.models import Note, Ticket
from records.models.note import Pulse
from staff.models import User

NOTES_SHOWN, TICKETS_SHOWN, CHANGES_SHOWN = 2, 10, 8


@dataclass(frozen=True, slots=True)
class LastPulse:
    """What a colleague judged last, in a note."""

    value: str  # of Pulse
    at: datetime

    @property
    def label(self) -> str:
        return str(Pulse(self.value).label)


@dataclass(frozen=True, slots=True)
class Notes:
    notes: list[Note]  # newest first
    count: int
    pulse: LastPulse | None


@dataclass(frozen=True, slots=True)
class Tickets:
    open: Sequence[Ticket]  # oldest first
    open_count: int
    oldest_on: date | None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field somebody changed, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Edit:
    at: datetime
    by: User | None
    fields: list[FieldChange]


def annotations(today: date) -> dict[str, Subquery]:
    """Return what `load_notes` reads of a customer: its pulse."""
    given = Note.objects.filter(within("at", None, today), customer=OuterRef("pk"))
    pulses = given.exclude(pulse="").order_by("-at", "-id")
    return {"last_pulse": Subquery(pulses.values(row=JSONObject(value="pulse", at="at"))[:1])}


def load_notes(customer: Customer) -> Notes:
    """Return the newest notes of a customer annotated with `annotations`. One query."""
    shown = list(newest_first(customer).annotate(total=Window(Count("id")))[:NOTES_SHOWN])
    row = customer.last_pulse  # type: ignore[attr-defined] # annotated
    return Notes(
        notes=shown,
        count=shown[0].total if shown else 0,
        pulse=None if row is None else LastPulse(row["value"], datetime.fromisoformat(row["at"])),
    )


def newest_first(customer: Customer):  # type: ignore[no-untyped-def] # a queryset
    notes = Note.objects.filter(customer=customer).select_related("author", "contact")
    return notes.defer("contact__traits", "contact__set_at").order_by("-at", "id")


def load_tickets(customer: Customer, today: date) -> Tickets:
    """Return what is open. One query."""
    waiting = Ticket.objects.filter(tickets.is_open_on(today), customer=customer).annotate(total=Window(Count("id")))
    waiting = waiting.annotate(is_escalated=within("escalated_at", None, today))
    rows = waiting.select_related("contact").defer("contact__traits", "contact__set_at")
    shown = list(rows.order_by("opened_at", "id")[:TICKETS_SHOWN])
    return Tickets(
        open=shown,
        open_count=shown[0].total if shown else 0,
        oldest_on=business_day(shown[0].opened_at) if shown else None,
    )


def load_changes(customer: Customer, user: User) -> list[Edit]:
    """Return what colleagues changed, newest first. Two queries at most: changes, and names not known yet."""
    rows = list(Change.objects.filter(customer=customer).select_related("by").order_by("-at", "id")[:CHANGES_SHOWN])
    loaded = [user, customer.owner, customer.second_owner, customer.team, *(row.by for row in rows)]
    words = FieldWords([pair for row in rows for pair in row.fields.items()], user=user, loaded=loaded)
    return [Edit(row.at, row.by, [_change(words, field, *pair) for field, pair in row.fields.items()]) for row in rows]


def _change(words: FieldWords, field: str, before: Any, after: Any) -> FieldChange:
    label = str(getattr(Customer._meta.get_field(field.removesuffix("_id")), "verbose_name", field))
    return FieldChange(label, words.word(field, before), words.word(field, after))
