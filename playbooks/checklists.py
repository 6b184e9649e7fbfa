"""Checklists: templates to start with, and one begun for a customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from core import days
from customers.models import Customer
from playbooks import lifecycle, notices
from playbooks.models import Checklist, ChecklistTemplate, Task, TaskKind, TaskOrigin, TaskState, TemplateItem
from staff.models import User

Item = tuple[str, TaskKind, int]  # what, kind, days from the start

STARTERS: Mapping[str, tuple[str, Sequence[Item]]] = {
    _("Onboarding"): (
        _("A new customer, from the kick-off to the first value."),
        (
            (_("Kick-off: agree on goals and who is who"), TaskKind.MEETING, 2),
            (_("Check that the team has signed in and connected its data"), TaskKind.OTHER, 5),
            (_("Training for the team"), TaskKind.MEETING, 10),
            (_("Ask what works and what is missing"), TaskKind.CALL, 21),
            (_("Review the goals of the kick-off"), TaskKind.MEETING, 45),
        ),
    ),
    _("Renewal"): (
        _("About 90 days before a contract renews."),
        (
            (_("Write up usage, results and open problems"), TaskKind.OTHER, 3),
            (_("Talk about results and plans with the decision maker"), TaskKind.MEETING, 14),
            (_("Send the proposal"), TaskKind.MAIL, 30),
            (_("Ask for the decision"), TaskKind.CALL, 45),
        ),
    ),
    _("Save plan"): (
        _("Health is red, or a customer speaks of leaving."),
        (
            (_("Call to find out what is wrong"), TaskKind.CALL, 0),
            (_("Agree inside the company on what can be offered"), TaskKind.OTHER, 2),
            (_("Present the plan to the customer"), TaskKind.MEETING, 5),
            (_("Check whether the plan works"), TaskKind.CALL, 19),
        ),
    ),
}


def ensure(now: datetime) -> None:
    """Write the templates to start with where there are none at all; admins change and delete them."""
    if ChecklistTemplate.objects.exists():
        return
    for title, (description, items) in STARTERS.items():
        template, is_new = ChecklistTemplate.objects.get_or_create(
            title=title, defaults={"description": description, "created_at": now}
        )
        if is_new:
            write_items(template, [{"title": what, "kind": kind, "days": after} for what, kind, after in items])


@transaction.atomic
def write_items(template: ChecklistTemplate, items: Sequence[Mapping[str, Any]]) -> None:
    """Have a template hold these items, in this order. Two queries."""
    template.items.all().delete()
    rows = [TemplateItem(template=template, position=place, **item) for place, item in enumerate(items, 1)]
    TemplateItem.objects.bulk_create(rows)


@transaction.atomic
def begin(customer: Customer, template: ChecklistTemplate, *, by: User | None, now: datetime) -> Checklist:
    """Begin a checklist for a customer: a task for each item, due by its days from today.

    Items of the customer's owner go to whoever begins it where there is no owner who can do them.
    """
    today = days.business_day(now)
    owner = customer.owner if customer.owner and lifecycle.may_have(customer, customer.owner) else by
    begun = Checklist.objects.create(
        customer=customer, title=label(template.title), template=template, begun_at=now, begun_by=by
    )
    tasks = Task.objects.bulk_create(
        Task(
            customer=customer, title=_item_label(item.title), kind=item.kind, due_on=today + timedelta(days=item.days),
            assignee=owner if item.role == TemplateItem.Role.OWNER else by, origin=TaskOrigin.CHECKLIST,
            checklist=begun.id, position=item.position, created_at=now, created_by=by,
        )
        for item in template.items.all()
    )  # fmt: skip
    notices.tell(tasks, by=by, now=now)
    return begun


def label(title: str) -> str:
    """Return the title of a template in the reader's language where it is one to start with."""
    return gettext(title) if title in STARTERS else title


def describe(template: ChecklistTemplate) -> str:
    """Return when to use a template, in the reader's language as long as it says what it said at the beginning."""
    starter = STARTERS.get(template.title)
    is_unchanged = starter is not None and starter[0] == template.description
    return gettext(template.description) if is_unchanged else template.description


@transaction.atomic
def save_template(
    template: ChecklistTemplate | None,
    *,
    title: str,
    description: str,
    is_offered: bool,
    items: Sequence[Mapping[str, Any]],
    now: datetime,
) -> ChecklistTemplate:
    """Make a template, or have one be so. Four queries."""
    saved = template or ChecklistTemplate(created_at=now)
    saved.title, saved.description, saved.is_offered = title, description, is_offered
    saved.save()
    write_items(saved, items)
    return saved


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a checklist is: of `total` tasks so many are closed; `due_on`: the next one's day, where it has one."""

    checklist: Checklist
    closed: int
    total: int
    due_on: date | None
    is_late: bool


def progress(begun: Sequence[Checklist], today: date) -> list[Progress]:
    """Return how far these checklists are, in their order. One query."""
    ids = [checklist.id for checklist in begun]
    is_open = Q(state=TaskState.OPEN)
    counted = (
        Task.objects.filter(customer__in={checklist.customer_id for checklist in begun}, checklist__in=ids)
        .order_by()
        .values_list("checklist")
        .annotate(closed=Count("id", filter=~is_open), total=Count("id"), next=Min("due_on", filter=is_open))
    )
    found = {checklist: rest for checklist, *rest in counted}
    return [
        Progress(one, closed, total, due_on, due_on is not None and due_on < today)
        for one in begun
        for closed, total, due_on in [found.get(one.id, (0, 0, None))]
    ]


def tasks_of(checklist: Checklist) -> list[Task]:
    """Return a checklist's tasks in its order. One query."""
    found = Task.objects.filter(customer=checklist.customer_id, checklist=checklist.id)
    return list(found.with_people().order_by("position", "id"))


def _item_label(title: str) -> str:
    """Return what an item says in the language of whoever begins it, where it is one to start with."""
    starters = {what for _description, items in STARTERS.values() for what, _kind, _days in items}
    return gettext(title) if title in starters else title
