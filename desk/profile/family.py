"""Who stands above and below a customer, and what they add up to."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Sum, TextField, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, JSONObject

from core.money import Rates, rate_on
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


def annotations(pk: int, user: User, today: date) -> dict[str, Exists | ArraySubquery]:
    """Return what `load_family` reads of the customer: whether anybody stands below, and the sums by currency.

    Amounts come as text, because a number in JSON would pass through a float.
    """
    below = Q(pk__in=RawSQL(_BELOW, [pk]), provisional=False)  # noqa: S611
    members = Customer.objects.visible_to(user).filter(below | Q(pk=pk)).order_by().values("currency")
    sums = members.annotate(
        revenue=Cast(Sum("mrr"), TextField()),
        number=Count("pk"),
        worried=Count("pk", filter=Q(score__at_risk=True)),
        rate=rate_on(today),
    )
    rows = JSONObject(currency="currency", revenue="revenue", number="number", worried="worried", rate="rate")
    return {
        "has_children": Exists(Customer.objects.filter(parent=OuterRef("pk"))),
        "family_sums": ArraySubquery(sums.values(row=rows)),
    }


def rates_read(customer: Customer) -> dict[str, str | None]:
    """Return currency → rate, of all currencies of the family; the customer's own is among them."""
    return {row["currency"]: row["rate"] for row in customer.family_sums}  # type: ignore[attr-defined] # annotated


def load_family(customer: Customer, user: User, rates: Rates, today: date) -> Family:
    """Return the family of a customer annotated with `annotations`. One query; none without relatives.

    `rates` know the currencies of `rates_read`.
    """
    has_children = customer.has_children  # type: ignore[attr-defined] # annotated
    parent, children = _relatives(customer, user) if has_children or customer.parent_id else (None, [])
    if not has_children:
        return Family(parent, children=[], count=0, mrr=None, worst=None, at_risk=0)
    sums = customer.family_sums  # type: ignore[attr-defined] # annotated
    revenues = [(Decimal(row["revenue"]), row["currency"]) for row in sums if row["revenue"] is not None]
    known = [rates.in_base(revenue, currency, today) for revenue, currency in revenues]
    return Family(
        parent=parent,
        children=children,
        count=sum(row["number"] for row in sums) - 1,
        mrr=sum((amount for amount in known if amount is not None), Decimal(0)) if known else None,
        worst=_worst([customer, *children]),
        at_risk=sum(row["worried"] for row in sums),
    )


def _relatives(customer: Customer, user: User) -> tuple[Customer | None, list[Customer]]:
    """Return the parent, and the children with the worst health first, whom the reader may see. One query."""
    is_child = Q(parent=customer, provisional=False)
    rows = list(
        Customer.objects.visible_to(user)
        .filter(is_child | Q(pk=customer.parent_id))
        .select_related("score", "owner")
        # The parent first: it must not fall off the end of the list.
        .order_by(
            Case(When(pk=customer.parent_id, then=0), default=1),
            F("score__health").asc(nulls_last=True),
            "name",
            "pk",
        )[: SHOWN + 1]
    )
    parent = next((row for row in rows if row.pk == customer.parent_id), None)
    return parent, [row for row in rows if row is not parent][:SHOWN]


def _worst(customers: list[Customer]) -> Customer | None:
    known = {row: row.score.health for row in customers if hasattr(row, "score") and row.score.health is not None}
    return min(known, key=lambda row: known[row], default=None)
