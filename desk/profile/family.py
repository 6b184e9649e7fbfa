"""Who stands above and below a customer, and what they add up to."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.expressions import RawSQL

from core.money import Rates
from customers.models import Customer
from staff.models import User

SHOWN = 10
_BELOW = """
    WITH RECURSIVE below (id, depth) AS (
        SELECT id, 1 FROM customers_customer WHERE parent_id = %s
        UNION
        SELECT child.id, depth + 1 FROM customers_customer AS child JOIN below ON child.parent_id = below.id
        WHERE depth < 20
    ) SELECT id FROM below
"""


@dataclass(frozen=True, slots=True)
class Family:
    """The sums are the customer's own and those of all below, at every level, whom the reader may see."""

    parent: Customer | None
    children: list[Customer]  # directly below; the worst health first
    count: int  # at every level
    mrr: Decimal | None  # BASE_CURRENCY; None: none is known
    worst: Customer | None  # of the children shown and the customer itself, by health
    at_risk: int


def has_children() -> Exists:
    """Return the annotation of a customer that `of` reads."""
    return Exists(Customer.objects.filter(parent=OuterRef("pk")))


def of(customer: Customer, user: User, rates: Rates, today: date) -> Family:
    """Return the family of a customer annotated with `has_children`. Three queries at most; four with currencies."""
    visible = Customer.objects.visible_to(user)
    parent = visible.select_related("score").filter(pk=customer.parent_id).first() if customer.parent_id else None
    if not customer.has_children:  # type: ignore[attr-defined] # annotated
        return Family(parent, children=[], count=0, mrr=None, worst=None, at_risk=0)
    below = RawSQL(_BELOW, [customer.pk])  # noqa: S611
    sums = list(
        visible.filter(Q(pk__in=below, provisional=False) | Q(pk=customer.pk))
        .values_list("currency")
        .annotate(revenue=Sum("mrr"), number=Count("pk"), worried=Count("pk", filter=Q(score__at_risk=True)))
    )
    children = list(_worst_first(visible.known().filter(parent=customer))[:SHOWN])
    rates.learn({currency for currency, *_ in sums})
    known = [rates.in_base(mrr, currency, today) for currency, mrr, *_ in sums if mrr is not None]
    return Family(
        parent=parent,
        children=children,
        count=sum(number for _, _, number, _ in sums) - 1,
        mrr=sum((amount for amount in known if amount is not None), Decimal(0)) if known else None,
        worst=_worst([customer, *children]),
        at_risk=sum(worried for *_, worried in sums),
    )


def _worst_first(customers):  # type: ignore[no-untyped-def] # a queryset
    return customers.select_related("score", "owner").order_by(F("score__health").asc(nulls_last=True), "name", "pk")


def _worst(customers: list[Customer]) -> Customer | None:
    known = {one: one.score.health for one in customers if hasattr(one, "score") and one.score.health is not None}
    return min(known, key=lambda one: known[one], default=None)
