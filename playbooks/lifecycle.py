"""Tasks made, changed and closed: one verb for each, whichever door asks.

Each takes the task's row first, so two people at one task come one after the other, and the second is told.
"""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import days
from core.templatetags.show import moment
from customers.models import Contact, Customer
from playbooks import notices
from playbooks.models import Task, TaskChange, TaskKind, TaskOrigin, TaskState
from playbooks.task_events import KIND
from records import rows
from records.telling import teller, writing
from staff.models import User

CHANGEABLE = ("title", "kind", "contact_id", "assignee_id", "due_on")


class Refused(Exception):
    """It cannot be done; the text says why, to a colleague."""


class AlreadyClosed(Refused):
    """Somebody was faster; `task` is as they left it."""

    def __init__(self, task: Task) -> None:
        self.task = task
        super().__init__(who_closed(task))


@transaction.atomic
def add(
    customer: Customer,
    *,
    title: str,
    by: User | None,
    now: datetime,
    kind: str = TaskKind.OTHER,
    contact: Contact | None = None,
    assignee: User | None = None,
    due_on: date | None = None,
    origin: str = TaskOrigin.HAND,
    suggestion: str = "",
    checklist: uuid.UUID | None = None,
    position: int | None = None,
) -> Task:
    """Make a task of a customer, and tell whoever is to do it, unless that is `by`. Six queries at most, and two more
    when it comes from a suggestion.

    Of a suggestion that is an open task already, that one is returned. Raises Refused.
    """
    _refuse_strangers(customer, contact, assignee)
    if suggestion and (there := _made_before(customer, suggestion)):
        return there
    made = Task.objects.create(
        customer=customer, title=_title(title), kind=kind, contact=contact, assignee=assignee, due_on=due_on,
        origin=origin, suggestion=suggestion, checklist=checklist, position=position, created_at=now, created_by=by,
    )  # fmt: skip
    notices.tell([made], by=by, now=now)
    return made


@transaction.atomic
def change(task: Task, *, by: User | None, now: datetime, **fields: Any) -> Task:
    """Set any of CHANGEABLE of an open task; return it as stored. Raises Refused."""
    if unknown := set(fields) - {*CHANGEABLE}:
        raise ValueError(f"A task has no field {sorted(unknown)[0]!r} to change.")
    held = _held(task, TaskState.OPEN)
    if "title" in fields:
        fields["title"] = _title(fields["title"])
    _refuse_strangers(
        held.customer,
        _of(Contact, fields.get("contact_id"), held.contact_id),
        _of(User, fields.get("assignee_id"), held.assignee_id),
    )
    was = held.assignee_id
    saved = _save(held, fields, by=by, now=now)
    if saved.assignee_id != was:
        notices.tell([saved], by=by, now=now)
    return saved


def give(task: Task, *, to: User | None, by: User | None, now: datetime) -> Task:
    """Have somebody else do it, or nobody yet. Raises Refused."""
    return change(task, by=by, now=now, assignee_id=None if to is None else to.pk)


@transaction.atomic
def finish(task: Task, *, by: User | None, now: datetime, outcome: str = "", note: uuid.UUID | None = None) -> Task:
    """Close a task as done, which tells its event. `note`: the note written about it, which tells of the touch.

    Raises AlreadyClosed.
    """
    open_day = days.lock_open_day(now)
    held = _held(task, TaskState.OPEN)
    closed = {"state": TaskState.DONE, "outcome": outcome.strip(), "closed_at": now, "note": note}
    return _tell(_save(held, {**closed, "closed_by_id": by.pk if by else None}, by=by, now=now), open_day, by, now)


@transaction.atomic
def cancel(task: Task, *, by: User | None, now: datetime, outcome: str = "") -> Task:
    """Close a task that is not to be done any more; nothing is told. Raises AlreadyClosed."""
    held = _held(task, TaskState.OPEN)
    closed = {"state": TaskState.CANCELLED, "outcome": outcome.strip(), "closed_at": now}
    return _save(held, {**closed, "closed_by_id": by.pk if by else None}, by=by, now=now)


@transaction.atomic
def reopen(task: Task, *, by: User | None, now: datetime) -> Task:
    """Have a closed task be open again, as it was; what it told is withdrawn. Raises Refused when it is open."""
    open_day = days.lock_open_day(now)
    held = _held(task, TaskState.DONE, TaskState.CANCELLED)
    opened = {"state": TaskState.OPEN, "outcome": "", "closed_at": None, "closed_by_id": None, "note": None}
    return _tell(_save(held, opened, by=by, now=now), open_day, by, now)


def who_closed(task: Task) -> str:
    """Say who closed a task, and when."""
    assert task.closed_at is not None
    known = {"who": task.closed_by or _("Somebody"), "when": moment(task.closed_at)}
    if task.is_done:
        return _("%(who)s has finished this task (%(when)s).") % known
    return _("%(who)s has cancelled this task (%(when)s).") % known


def may_have(customer: Customer, colleague: User) -> bool:
    """Tell whether a colleague can be given tasks of the customer: whoever acts, and sees it. One query."""
    return colleague.may_act and Customer.objects.visible_to(colleague).filter(pk=customer.pk).exists()


def _held(task: Task, *states: str) -> Task:
    """Return the task as stored, kept from others until the transaction ends. Raises Refused unless it is so."""
    found = Task.objects.filter(customer=task.customer_id, id=task.id).select_for_update(of=("self",), no_key=True)
    held = found.select_related("customer", "closed_by").first()
    if held is None:
        raise Refused(_("This task is not there any more."))
    if held.state in states:
        return held
    if held.is_open:
        raise Refused(_("This task is open."))
    raise AlreadyClosed(held)


def _save(task: Task, fields: Mapping[str, Any], *, by: User | None, now: datetime) -> Task:
    """Write what differs, and who did it. Two queries, none where nothing does."""
    before = {name: getattr(task, name) for name in fields}
    different = {name: value for name, value in fields.items() if before[name] != value}
    if not different:
        return task
    for name, value in different.items():
        setattr(task, name, value)
    Task.objects.filter(customer=task.customer_id, id=task.id).update(**different)
    pairs = {name: [_plain(before[name]), _plain(value)] for name, value in different.items()}
    TaskChange.objects.create(customer_id=task.customer_id, id=uuid.uuid4(), task=task.id, at=now, by=by, fields=pairs)
    return task


def _tell(task: Task, open_day: date, by: User | None, now: datetime) -> Task:
    teller.tell(KIND, [task], teller.Telling(now, open_day, rows.source(now), by=by))
    writing.settle(KIND, {task.customer_id}, [task], open_day)
    return task


def _made_before(customer: Customer, suggestion: str) -> Task | None:
    # Whoever makes one of the same suggestion at the same moment waits here. No unique key: two customers that are
    # merged may both have one.
    Customer.objects.select_for_update(no_key=True).filter(pk=customer.pk).first()
    return Task.objects.open().filter(customer=customer, suggestion=suggestion).first()


def _refuse_strangers(customer: Customer, contact: Contact | None, assignee: User | None) -> None:
    if contact is not None and contact.customer_id != customer.pk:
        raise Refused(_("%(name)s is not a contact of this customer.") % {"name": contact})
    if assignee is not None and not may_have(customer, assignee):
        raise Refused(_("%(name)s cannot do tasks of this customer.") % {"name": assignee})


def _of(model: type[Any], wanted: int | None, stored: int | None) -> Any:
    """Return whom a change names anew. One query, none when it stays as it is."""
    return model._default_manager.get(pk=wanted) if wanted is not None and wanted != stored else None


def _title(text: str) -> str:
    if not (title := " ".join(text.split())):
        raise Refused(_("Say what is to be done."))
    return title[:300]


def _plain(value: Any) -> Any:
    """Return what JSON can hold."""
    if isinstance(value, date):  # and instants
        return value.isoformat()
    return value if value is None or isinstance(value, int | str) else str(value)
