"""Who stands above and below a customer, and what they add up to."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, Sum

from core.money import Rates
from customers.models import Customer
from staff.models import User

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Family:
    """The children are those below directly that the reader may see; the sums are theirs and the customer's own."""

    parent: Customer | None
    children: list[Customer]  # the most at stake first
    count: int
    mrr: Decimal | None  # BASE_CURRENCY; None: none is known
    worst: Customer | None  # of the children shown and the customer itself, by health
    at_risk: int


def of(customer: Customer, user: User, today: date) -> Family:
    """Return the family. Four queries at most, whatever the number; one more with other currencies."""
    visible = Customer.objects.visible_to(user)
    parent = visible.select_related("score").filter(pk=customer.parent_id).first() if customer.parent_id else None
    below = visible.known().filter(parent=customer)
    sums = list(
        visible.filter(Q(parent=customer, provisional=False) | Q(pk=customer.pk))
        .values_list("currency")
        .annotate(revenue=Sum("mrr"), number=Count("pk"), worried=Count("pk", filter=Q(score__at_risk=True)))
    )
    count = sum(number for _, _, number, _ in sums) - 1
    children = list(_worst_first(below)[:SHOWN]) if count else []
    rates = Rates({currency for currency, *_ in sums})
    known = [rates.in_base(mrr, currency, today) for currency, mrr, *_ in sums if mrr is not None]
    return Family(
        parent=parent,
        children=children,
        count=count,
        mrr=sum((amount for amount in known if amount is not None), Decimal(0)) if known else None,
        worst=_worst([customer, *children]),
        at_risk=sum(worried for *_, worried in sums),
    )


def _worst_first(customers):  # type: ignore[no-untyped-def] # a queryset
    return customers.select_related("score", "owner").order_by(F("score__health").asc(nulls_last=True), "name", "pk")


def _worst(customers: list[Customer]) -> Customer | None:
    known = {one: one.score.health for one in customers if hasattr(one, "score") and one.score.health is not None}
    return min(known, key=lambda one: known[one], default=None)
