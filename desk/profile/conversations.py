"""What was said and asked: notes, calls and meetings, open tickets, and what colleagues changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, OuterRef, Subquery, Window
from django.utils.translation import gettext as _

from core.days import utc_day
from core.templatetags.show import NOTHING
from core.templatetags.show import day as said_day
from customers.models import Change, Customer, Stage
from events.models import DailyCount
from records import notes
from records.models import Note, Ticket
from staff.models import Team, User

TALKS = (notes.EVENTS[Note.Kind.CALL], notes.EVENTS[Note.Kind.MEETING])
NOTES_SHOWN, TICKETS_SHOWN, CHANGES_SHOWN = 5, 5, 8


@dataclass(frozen=True, slots=True)
class Notes:
    notes: list[Note]  # newest first
    count: int
    last_touch_on: date | None  # the last call or meeting
    pulse: Note | None  # the newest note that has one


@dataclass(frozen=True, slots=True)
class Tickets:
    open: Sequence[Ticket]  # oldest first
    open_count: int
    oldest_on: date | None


@dataclass(frozen=True, slots=True)
class Said:
    """One field somebody changed, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Edit:
    at: datetime
    by: User | None
    fields: list[Said]


def last_touch(today: date) -> Subquery:
    """Return the annotation of a customer that `notes_of` reads: the last call or meeting, whoever told us so."""
    talks = DailyCount.objects.filter(customer=OuterRef("pk"), event_type__name__in=TALKS, day__lte=today)
    return Subquery(talks.order_by().values("customer").annotate(last=Max("day")).values("last"))


def notes_of(customer: Customer) -> Notes:
    """Return the newest notes of a customer annotated with `last_touch_on`. One query; two when none has a pulse."""
    shown = list(newest_first(customer).annotate(total=Window(Count("id")))[:NOTES_SHOWN])
    count = shown[0].total if shown else 0
    pulse = next((note for note in shown if note.pulse), None)
    if pulse is None and count > NOTES_SHOWN:
        pulse = Note.objects.filter(customer=customer).exclude(pulse="").order_by("-at", "id").first()
    last_touch_on = customer.last_touch_on  # type: ignore[attr-defined] # annotated
    return Notes(notes=shown, count=count, last_touch_on=last_touch_on, pulse=pulse)


def newest_first(customer: Customer):  # type: ignore[no-untyped-def] # a queryset
    notes = Note.objects.filter(customer=customer).select_related("author", "contact")
    return notes.defer("contact__traits", "contact__set_at").order_by("-at", "id")


def tickets_of(customer: Customer) -> Tickets:
    """Return what is open. One query."""
    waiting = Ticket.objects.filter(customer=customer, solved_at=None).annotate(total=Window(Count("id")))
    rows = waiting.select_related("contact").defer("contact__traits", "contact__set_at")
    shown = list(rows.order_by("opened_at", "id")[:TICKETS_SHOWN])
    return Tickets(
        open=shown,
        open_count=shown[0].total if shown else 0,
        oldest_on=utc_day(shown[0].opened_at) if shown else None,
    )


def changes_of(customer: Customer, user: User) -> list[Edit]:
    """Return what colleagues changed, newest first. Four queries at most: names of colleagues, teams and customers."""
    rows = list(Change.objects.filter(customer=customer).select_related("by").order_by("-at", "id")[:CHANGES_SHOWN])
    names = _Names(rows, user)
    return [Edit(row.at, row.by, [names.said(field, *pair) for field, pair in row.fields.items()]) for row in rows]


class _Names:
    """Say values as people know them: a colleague's name instead of a number. Foreign customers stay numbers."""

    def __init__(self, changes: Iterable[Change], user: User) -> None:
        ids: dict[str, set[int]] = {}
        for change in changes:
            for field, pair in change.fields.items():
                ids.setdefault(_kind(field), set()).update(value for value in pair if isinstance(value, int))
        named = {"user": User.objects.all(), "team": Team.objects.all(), "customer": Customer.objects.visible_to(user)}
        self._names = {
            kind: dict(rows.filter(pk__in=ids[kind]).values_list("pk", "name"))
            for kind, rows in named.items()
            if ids.get(kind)
        }

    def said(self, field: str, before: Any, after: Any) -> Said:
        label = str(getattr(Customer._meta.get_field(field.removesuffix("_id")), "verbose_name", field))
        return Said(label, self._word(field, before), self._word(field, after))

    def _word(self, field: str, value: Any) -> str:
        if value in (None, "", [], {}):
            return NOTHING
        if kind := _kind(field):
            return self._names.get(kind, {}).get(value, f"#{value}")
        if field == "stage":
            return str(dict(Stage.choices).get(value, value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list):
            return ", ".join(map(str, value))
        if isinstance(value, dict):
            return ", ".join(f"{key}: {one}" for key, one in value.items())
        if field == "churned_on":
            return said_day(date.fromisoformat(value))
        return str(value)


def _kind(field: str) -> str:
    return {"owner_id": "user", "second_owner_id": "user", "team_id": "team", "parent_id": "customer"}.get(field, "")
