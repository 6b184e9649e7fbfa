"""Tasks of some customers, open today: what colleagues find on their lists. Loading again writes none twice."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from core.days import business_day
from customers.models import Customer, Stage
from playbooks.models import Task, TaskKind
from records.rows import row_id

EVERY = 4  # of so many customers one has a task
WHAT = (
    ("Send the usage report", TaskKind.MAIL),
    ("Call about the open ticket", TaskKind.CALL),
    ("Prepare the quarterly review", TaskKind.OTHER),
    ("Introduce the new features", TaskKind.MEETING),
    ("Ask how the training went", TaskKind.CALL),
)
LATE, SPAN = 4, 19  # days: from four late to two weeks ahead


def ensure(customers: Mapping[str, int], *, now: datetime) -> int:
    """Write the tasks that are missing of customers (company id → ours); return how many there are. Two queries."""
    chosen = [customers[company] for company in sorted(customers)][::EVERY]
    followed = Customer.objects.filter(pk__in=chosen, stage__in=Stage.followed(), owner__isnull=False)
    rows = [_task(pk, owner, now) for pk, owner in followed.order_by("pk").values_list("pk", "owner")]
    Task.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _task(customer: int, owner: int, now: datetime) -> Task:
    title, kind = WHAT[customer % len(WHAT)]
    due_on = business_day(now) + timedelta(days=customer * 7 % SPAN - LATE)
    made_at = now - timedelta(days=5 + customer % 10)
    return Task(
        customer_id=customer, id=row_id(f"sample-task-{customer}"), title=title, kind=kind, due_on=due_on,
        assignee_id=owner, created_at=made_at, created_by_id=owner,
    )  # fmt: skip
