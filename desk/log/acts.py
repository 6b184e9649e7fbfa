"""Logging: the note, the task it finishes and the task it promises, in one transaction."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from customers.models import Customer
from desk.log import mentions
from desk.log.form import LogForm
from playbooks import lifecycle
from playbooks.models import Task, TaskOrigin
from records import notes
from records.models import Note
from staff.models import User


@dataclass(frozen=True, slots=True)
class Logged:
    note: Note
    next_task: Task | None
    refusal: str  # why the task was not finished; "" when it was, or none was meant


@transaction.atomic
def log(customer: Customer, form: LogForm, *, task: Task | None, by: User, now: datetime) -> Logged:
    """Write what a valid form says. A task that somebody closed meanwhile keeps nobody from logging the call."""
    note = uuid.uuid4()
    # Before the note: whoever finishes a task takes its row, then the names that its event is stored under.
    refusal = "" if task is None else _finish(task, note, by, now)
    row = {"customer_id": customer.pk, "id": note, "author_id": by.pk, **form.row()}
    [written] = notes.write([row], now=now, by=by)
    mentions.tell(customer, written, by=by, now=now)
    promised = None
    if form.promise is not None:
        title, due_on = form.promise
        promised = lifecycle.add(
            customer, title=title, due_on=due_on, assignee=by, origin=TaskOrigin.LOG, by=by, now=now
        )
    return Logged(written, promised, refusal)


def _finish(task: Task, note: uuid.UUID, by: User, now: datetime) -> str:
    try:
        with transaction.atomic():
            lifecycle.finish(task, note=note, by=by, now=now)
    except lifecycle.Refused as refusal:
        return str(refusal)
    return ""
