"""Tasks that were to be done before today, of the customers of a portfolio."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, F, TextField, Value

from core.pagination import Column, Keyset
from customers.models import Stage
from customers.models.customer import CustomerQuerySet
from playbooks.models import Task, TaskQuerySet

LONGEST_FIRST = Keyset((Column("due_on"), Column("customer_id"), Column("id")))


def tasks(customers: CustomerQuerySet, today: date) -> TaskQuerySet:
    """Return those at customers on trial or active, whoever is to do them."""
    followed = customers.order_by().filter(stage__in=Stage.followed())
    return Task.objects.overdue(today).filter(customer__in=followed)


def count(
    customers: CustomerQuerySet, today: date, *, by: str = "", alike: Callable[[Any], Any] | None = None
) -> Mapping[Any, int]:
    """Return how many there are for each value of a field of their customers, without one of all at None. One query.

    `alike` says which values are one group, as in `Figures.by_group`.
    """
    counted: dict[Any, int] = {}
    rows = tasks(customers, today).order_by().values_list(F(f"customer__{by}") if by else Value(None, TextField()))
    for value, number in rows.annotate(n=Count("*")):
        group = alike(value) if alike else value
        counted[group] = counted.get(group, 0) + number
    return counted
