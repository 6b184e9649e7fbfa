"""The last contact with customers and what comes next, said in one line: “Last: call, 12 Nov · Next: report, Fri”."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum

from core import days
from events import catalogue
from events.models import DailyCount
from playbooks.models import Task, TaskKind
from records import notes
from records.models import Note

TOUCHING = tuple(kind for kind in TaskKind if kind is not TaskKind.OTHER)


@dataclass(frozen=True, slots=True)
class LastContact:
    label: str  # "Call"
    at: datetime
    text: str = ""  # what was written, or what the task said; nothing where another system told of it


@dataclass(frozen=True, slots=True)
class LastAndNext:
    """None: never reached, by what is known here; nothing is to be done."""

    last: LastContact | None = None
    next: Task | None = None


NOTHING = LastAndNext()


def load(customers: Collection[int]) -> dict[int, LastAndNext]:
    """Return customer → its last contact and the open task due first, for those who have either. Four queries."""
    upcoming = {task.customer_id: task for task in Task.objects.next_of_each(customers).select_related("assignee")}
    last: dict[int, LastContact] = {}
    for customer, contact in (*_noted(customers), *_done(customers)):
        if customer not in last or contact.at > last[customer].at:
            last[customer] = contact
    for customer, day, contact in _counted(customers):
        # Of the same day it is the event that the note itself told.
        if customer not in last or day > days.business_day(last[customer].at):
            last[customer] = contact
    return {pk: LastAndNext(last.get(pk), upcoming.get(pk)) for pk in {*last, *upcoming}}


def _noted(customers: Collection[int]) -> Iterator[tuple[int, LastContact]]:
    found = Note.objects.filter(customer__in=customers, kind__in=notes.CONTACTS)
    for note in found.order_by("customer_id", "-at", "id").distinct("customer_id"):
        yield note.customer_id, LastContact(note.get_kind_display(), note.at, note.text)


def _done(customers: Collection[int]) -> Iterator[tuple[int, LastContact]]:
    """Yield tasks that reached the customer, where no note tells of it."""
    found = Task.objects.done().filter(customer__in=customers, kind__in=TOUCHING, note=None)
    for task in found.order_by("customer_id", "-closed_at", "id").distinct("customer_id"):
        assert task.closed_at is not None
        yield task.customer_id, LastContact(task.get_kind_display(), task.closed_at, task.title)


def _counted(customers: Collection[int]) -> Iterator[tuple[int, date, LastContact]]:
    """Yield the days on which customers were reached, by events of whatever source, the earliest first."""
    counts = DailyCount.objects.filter(customer__in=customers, event_type__is_touch=True).order_by("day")
    held = counts.values_list("customer", "day", "event_type__name").annotate(held=Sum("count")).filter(held__gt=0)
    for customer, day, name, _held in held:
        yield customer, day, LastContact(catalogue.label(name), days.noon(day))
