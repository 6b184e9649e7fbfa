"""Notes, calls and meetings, open tickets, and what colleagues changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Subquery, Sum, Value, Window
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from core.days import business_day, within
from core.templatetags.show import NOTHING
from core.templatetags.show import day as day_in_words
from customers.models import Change, Customer, Stage
from events.models import DailyCount
from records import notes, tickets
from records.models import Note, Ticket
from records.models.note import Pulse
from staff.models import Team, User

TALKS = (notes.EVENTS[Note.Kind.CALL], notes.EVENTS[Note.Kind.MEETING])
NOTES_SHOWN, TICKETS_SHOWN, CHANGES_SHOWN = 5, 5, 8


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
    last_touch_on: date | None  # the last call or meeting
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
    """Return what `load_notes` reads of a customer: its last call or meeting, from whatever source, and its pulse."""
    # Not of the view of counts: PostgreSQL would add up everything before it looks for these two types.
    talks = DailyCount.objects.filter(customer=OuterRef("pk"), event_type__name__in=TALKS, day__lte=today)
    held = talks.order_by().values("day").annotate(held=Sum("count")).filter(held__gt=0).order_by("-day")
    given = Note.objects.filter(within("at", None, today), customer=OuterRef("pk"))
    pulses = given.exclude(pulse="").order_by("-at", "-id")
    return {
        "last_touch_on": Subquery(held.values("day")[:1]),
        "last_pulse": Subquery(pulses.values(row=JSONObject(value="pulse", at="at"))[:1]),
    }


def load_notes(customer: Customer) -> Notes:
    """Return the newest notes of a customer annotated with `annotations`. One query."""
    shown = list(newest_first(customer).annotate(total=Window(Count("id")))[:NOTES_SHOWN])
    row = customer.last_pulse  # type: ignore[attr-defined] # annotated
    return Notes(
        notes=shown,
        count=shown[0].total if shown else 0,
        last_touch_on=customer.last_touch_on,  # type: ignore[attr-defined] # annotated
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
    names = _Names(rows, customer, user)
    return [Edit(row.at, row.by, [names.in_words(field, *pair) for field, pair in row.fields.items()]) for row in rows]


class _Names:
    """Write ids as names, of colleagues, teams and customers. A customer the reader may not see stays a number."""

    def __init__(self, changes: Sequence[Change], customer: Customer, user: User) -> None:
        ids: set[tuple[str, int]] = set()
        for change in changes:
            for field, pair in change.fields.items():
                ids |= {(_kind(field), value) for value in pair if _kind(field) and isinstance(value, int)}
        self._names = {
            ("user", colleague.pk): colleague.name for colleague in self._colleagues(changes, customer, user)
        }
        if customer.team is not None:
            self._names["team", customer.team.pk] = customer.team.name
        self._read(ids - set(self._names), user)

    @staticmethod
    def _colleagues(changes: Sequence[Change], customer: Customer, user: User) -> list[User]:
        """Return the colleagues who are loaded anyway, mostly all whose names are needed."""
        loaded = [user, customer.owner, customer.second_owner, *(change.by for change in changes)]
        return [colleague for colleague in loaded if colleague is not None]

    def _read(self, wanted: set[tuple[str, int]], user: User) -> None:
        """Read the names of three tables in one query; none when all are known."""
        tables = {"user": User.objects.all(), "team": Team.objects.all(), "customer": Customer.objects.visible_to(user)}
        if not wanted:
            return
        queries = [
            rows.filter(pk__in=[pk for table, pk in wanted if table == kind])
            .order_by()
            .annotate(kind=Value(kind))
            .values_list("kind", "pk", "name")
            for kind, rows in tables.items()
            if any(table == kind for table, _ in wanted)
        ]
        first, *others = queries
        rows = first.union(*others, all=True) if others else first
        self._names |= {(kind, pk): name for kind, pk, name in rows}

    def in_words(self, field: str, before: Any, after: Any) -> FieldChange:
        label = str(getattr(Customer._meta.get_field(field.removesuffix("_id")), "verbose_name", field))
        return FieldChange(label, self._word(field, before), self._word(field, after))

    def _word(self, field: str, value: Any) -> str:
        if value in (None, "", [], {}):
            return NOTHING
        if kind := _kind(field):
            return self._names.get((kind, value), f"#{value}")
        if field == "stage":
            return str(dict(Stage.choices).get(value, value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list):
            return ", ".join(map(str, value))
        if isinstance(value, dict):
            return ", ".join(f"{key}: {item}" for key, item in value.items())
        if field == "churned_on":
            return day_in_words(date.fromisoformat(value))
        return str(value)


def _kind(field: str) -> str:
    return {"owner_id": "user", "second_owner_id": "user", "team_id": "team", "parent_id": "customer"}.get(field, "")
