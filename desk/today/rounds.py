"""A colleague's round: what is to be done today, in order, and what was done today."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from core import days
from core.days import business_day
from customers.models import Customer, Mark
from desk.today import decisions, entering
from desk.today.entering import Round
from desk.today.reasons import Decision, Entry, Score
from playbooks.models import Task, TaskState
from staff.models import User
from surveys.models import Answer


@dataclass(frozen=True, slots=True)
class Today:
    """`waiting`: done on an earlier day, and not back yet."""

    open: list[Entry]
    done: list[Entry]
    waiting: list[Entry]

    @property
    def total(self) -> int:
        return len(self.open) + len(self.done)


def load(user: User, whose: str, now: datetime) -> Today:
    """Return the colleague's round. At most 26 queries for any number of rows."""
    today = business_day(now)
    asked = Round(user, whose, today)
    entries = entering.entries(asked)
    cleared = _cleared(asked, now) - entries.keys()
    known = decisions.load({*entries, *cleared}, now)
    scores = entering.scores_of(cleared)
    rest = [Entry(pk, scores.get(pk, Score())) for pk in cleared]
    rows = [*entries.values(), *rest]
    decisions.attach(rows, known, now)
    done = [entry for entry in rows if not entry.reasons or entry.is_done(now)]
    of_today = [entry for entry in done if not entry.reasons or _is_of(entry.decision, now)]
    earlier = {entry.customer for entry in done} - {entry.customer for entry in of_today}
    left = {entry.customer for entry in done}
    return Today(
        open=sorted((entry for entry in rows if entry.customer not in left), key=lambda entry: entry.order(today)),
        done=sorted(of_today, key=lambda entry: (entry.decision.at if entry.decision else now, entry.customer)),
        waiting=sorted((e for e in done if e.customer in earlier), key=lambda entry: entry.order(today)),
    )


def only(loaded: Today, customer: int) -> Today:
    """Return of a round the row of one customer."""
    left, done = ([entry for entry in part if entry.customer == customer] for part in (loaded.open, loaded.done))
    return Today(left, done, waiting=[])


def entry_of(user: User, customer: int, now: datetime) -> Entry | None:
    """Return the entry of a customer, whoever's list it is on, with what was done last; None without a reason."""
    entry = entering.entries(Of(user, "", business_day(now), customer)).get(customer)
    if entry is not None:
        decisions.attach([entry], decisions.load([customer], now), now)
    return entry


@dataclass(frozen=True, slots=True)
class Of(Round):
    """Asks about one customer, for what is kept with a mark."""

    customer: int = 0

    @property
    def customers(self):  # type: ignore[no-untyped-def] # a queryset
        return Customer.objects.visible_to(self.user).known().filter(pk=self.customer)

    @property
    def tasks(self) -> Q:
        return Q(customer=self.customer)


def _is_of(decision: Decision | None, now: datetime) -> bool:
    return decision is not None and business_day(decision.at) == business_day(now)


def _cleared(asked: Round, now: datetime) -> set[int]:
    """Return the customers of whom something was done today that may have left no reason. Three queries."""
    since = days.start(asked.today)
    marks = Mark.objects.filter(customer__in=asked.customers, at__range=(since, now), ended_at=None)
    tasks = Task.objects.filter(state=TaskState.DONE, closed_at__range=(since, now), due_on__lte=asked.today)
    tasks = tasks.filter(asked.tasks, customer__in=Customer.objects.visible_to(asked.user).known())
    answers = Answer.objects.named().filter(
        customer__in=asked.customers, needs_care=True, closed_at__range=(since, now)
    )
    return {pk for rows in (marks, tasks, answers) for pk in rows.values_list("customer_id", flat=True)}
