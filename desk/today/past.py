"""What a colleague did in the last weeks, and what followed: health then and now, by one version."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.days import business_day
from customers.models import Customer, Mark
from desk.today.rows import load_customers
from playbooks.models import Task
from records.models import Note
from records.notes import CONTACTS
from scoring.models import CurrentScore, ScoreHistory
from staff.models import User
from staff.requests import StaffRequest

MOST = 100
DAYS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Did:
    """One thing done; `what` is a Note, a Task or a Mark."""

    at: datetime
    customer: int
    kind: str
    what: Note | Task | Mark


@dataclass(frozen=True, slots=True)
class PastRow:
    did: Did
    customer: Customer
    score: CurrentScore | None
    health_then: int | None  # by the version that scores the customer now; None: unknown

    @property
    def change(self) -> int | None:
        now = self.score.health if self.score else None
        return None if now is None or self.health_then is None else now - self.health_then


@require_safe
def past(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    done = sorted(_done(request.user, now), key=lambda did: did.at, reverse=True)[:MOST]
    customers = load_customers([did.customer for did in done])
    rows = [
        PastRow(did, customer, score, _health_then(did, score, closes))
        for closes in [_closes(done)]
        for did in done
        if (customer := customers.get(did.customer))
        for score in [getattr(customer, "score", None)]
    ]
    return render(request, "desk/today/past.html", {"rows": rows, "today": business_day(now), "days": DAYS.days})


def _done(user: User, now: datetime) -> Iterator[Did]:
    """Yield the newest of each kind. Three queries."""
    visible = Customer.objects.visible_to(user)
    notes = Note.objects.filter(author=user, customer__in=visible, at__range=(now - DAYS, now))
    notes = notes.filter(kind__in=CONTACTS).select_related("contact").defer("contact__traits", "contact__set_at")
    tasks = Task.objects.done().filter(closed_by=user, customer__in=visible, closed_at__range=(now - DAYS, now))
    marks = Mark.objects.filter(by=user, customer__in=visible, at__range=(now - DAYS, now))
    return chain(
        (Did(note.at, note.customer_id, note.get_kind_display(), note) for note in notes.order_by("-at")[:MOST]),
        (
            Did(task.closed_at, task.customer_id, "task", task)
            for task in tasks.order_by("-closed_at")[:MOST]
            if task.closed_at
        ),
        (Did(mark.at, mark.customer_id, mark.get_kind_display(), mark) for mark in marks.order_by("-at")[:MOST]),
    )


def _closes(done: Collection[Did]) -> dict[tuple[int, date, int], int | None]:
    """Return (customer, day, version) → health at the close of the days on which something was done. One query."""
    days = {business_day(did.at) for did in done}
    rows = ScoreHistory.objects.filter(customer__in={did.customer for did in done}, day__in=days)
    found = rows.values_list("customer_id", "day", "model_id", "health")
    return {(customer, day, model): health for customer, day, model, health in found}


def _health_then(did: Did, score: CurrentScore | None, closes: dict[tuple[int, date, int], int | None]) -> int | None:
    """Return health as a mark kept it, else at the close of its day; None where another version said so."""
    if score is None:
        return None
    if isinstance(did.what, Mark):
        return did.what.health if did.what.model == score.model_id else None
    return closes.get((did.customer, business_day(did.at), score.model_id))
