"""What will be on Today: snoozed and done rows by the day they come back, and tasks by the day they are due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.days import business_day
from customers.models import Customer
from desk.today import rounds, whose
from desk.today.entering import Round
from desk.today.reasons import Decision, comes_back_on
from desk.today.rows import load_customers
from desk.today.views import whose_of
from playbooks.models import Task
from staff.models import User, Whose
from staff.requests import StaffRequest

MOST = 100


@dataclass(frozen=True, slots=True)
class Coming:
    """A customer that comes back, or a task of it that will be due."""

    day: date
    customer: Customer
    task: Task | None = None
    decision: Decision | None = None
    by: User | None = None


@require_safe
def upcoming(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    choice = whose.chosen(request.user)
    shown = whose_of(request, choice)
    rows = sorted(_rows(request.user, shown, now), key=lambda row: (row.day, row.customer.name, row.customer.pk))
    by_day = [(day, list(of_day)) for day, of_day in groupby(rows, key=lambda row: row.day)]
    context = {"days": by_day, "whose": shown, "whose_choices": Whose.choices, "today": business_day(now)}
    return render(request, "desk/today/upcoming.html", context)


def _rows(user: User, shown: str, now: datetime) -> Iterator[Coming]:
    loaded = rounds.load(user, shown, now)
    entries = [entry for entry in (*loaded.done, *loaded.waiting) if entry.reasons and entry.decision][:MOST]
    today = business_day(now)
    known = Customer.objects.visible_to(user).known()
    due = Task.objects.open().filter(Round(user, shown, today).tasks, customer__in=known, due_on__gt=today)
    tasks = list(due.select_related("assignee").soonest_first()[:MOST])
    customers = load_customers([entry.customer for entry in entries] + [task.customer_id for task in tasks])
    colleagues = User.objects.in_bulk({e.decision.by for e in entries if e.decision and e.decision.by})
    for entry in entries:
        if entry.decision and entry.customer in customers:
            back = comes_back_on(entry.decision)
            day = business_day(back) if isinstance(back, datetime) else back
            by = colleagues.get(entry.decision.by or 0)
            yield Coming(day, customers[entry.customer], decision=entry.decision, by=by)
    for task in tasks:
        if task.due_on:
            yield Coming(task.due_on, customers[task.customer_id], task=task)
