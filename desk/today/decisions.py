"""What was done last about customers: a contact, a finished task, a snooze, a mark as handled."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime
from itertools import chain

from core.days import business_day
from customers.attention import LONGEST
from customers.models import Mark
from desk.today.reasons import Decision, Done, Entry, trailing_snoozes
from playbooks.models import Task, TaskState
from records.models import Note
from records.notes import CONTACTS
from scoring.models import ScoreHistory

Decisions = dict[int, list[Decision]]  # newest first


def load(customers: Collection[int], now: datetime) -> Decisions:
    """Return customer → what was done, as far back as a snooze may last. Three queries."""
    found: Decisions = defaultdict(list)
    first = now - LONGEST
    for pk, decision in chain(
        _marks(customers, first, now), _contacts(customers, first, now), _tasks(customers, first, now)
    ):
        found[pk].append(decision)
    for decisions in found.values():
        decisions.sort(key=lambda decision: decision.at, reverse=True)
    return found


def attach(entries: Iterable[Entry], decisions: Decisions, now: datetime) -> None:
    """Give each entry what was done last, with the health of then. One query, none where no contact or task counts."""
    rows = [entry for entry in entries if decisions.get(entry.customer)]
    for entry in rows:
        entry.decision = decisions[entry.customer][0]
        entry.put_off = trailing_snoozes([decision.kind for decision in decisions[entry.customer]])
    unmarked = {entry.customer: last for entry in rows if (last := entry.decision) and _lacks_health(last, now)}
    closes = _closes({(pk, business_day(last.at)) for pk, last in unmarked.items()})
    for entry in rows:
        if last := unmarked.get(entry.customer):
            health, model = closes.get((entry.customer, business_day(last.at)), (None, None))
            entry.decision = replace(last, health=health, model=model)


def _lacks_health(decision: Decision, now: datetime) -> bool:
    return decision.back_at is None and not decision.is_over(now)


def _closes(wanted: Collection[tuple[int, date]]) -> dict[tuple[int, date], tuple[int | None, int | None]]:
    """Return (customer, day) → health and version at the close of the day on which something was done."""
    if not wanted:
        return {}
    rows = ScoreHistory.objects.filter(customer__in={pk for pk, _ in wanted}, day__in={day for _, day in wanted})
    found = rows.values_list("customer_id", "day", "health", "model_id")
    return {(pk, day): (health, model) for pk, day, health, model in found if (pk, day) in wanted}


def _marks(customers: Collection[int], first: datetime, now: datetime) -> Iterable[tuple[int, Decision]]:
    rows = Mark.objects.filter(customer__in=customers, at__range=(first, now))
    for mark in rows:
        stood = None if mark.stood is None else frozenset(mark.stood)
        back = mark.back_at if mark.ended_at is None else mark.ended_at
        yield (
            mark.customer_id,
            Decision(Done(mark.kind), mark.at, mark.by_id, back, stood, mark.health, mark.model, str(mark.id)),
        )


def _contacts(customers: Collection[int], first: datetime, now: datetime) -> Iterable[tuple[int, Decision]]:
    """Yield the last call, meeting or mail of each: a note alone reaches nobody."""
    rows = Note.objects.filter(customer__in=customers, at__range=(first, now)).filter(kind__in=CONTACTS)
    last = rows.order_by("customer_id", "-at", "id").distinct("customer_id")
    for pk, at, by, note in last.values_list("customer_id", "at", "author_id", "id"):
        yield pk, Decision(Done.CONTACT, at, by, ref=str(note))


def _tasks(customers: Collection[int], first: datetime, now: datetime) -> Iterable[tuple[int, Decision]]:
    """Yield the task that was finished last of each."""
    rows = Task.objects.filter(customer__in=customers, state=TaskState.DONE, closed_at__range=(first, now))
    last = rows.order_by("customer_id", "-closed_at", "id").distinct("customer_id")
    for pk, at, by, task in last.values_list("customer_id", "closed_at", "closed_by_id", "id"):
        if at is not None:  # a task that is done has its instant
            yield pk, Decision(Done.TASK, at, by, ref=str(task))
