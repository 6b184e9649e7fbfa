"""Who stands above and below a customer, and what those below add up to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, TextField, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, JSONObject

from core.money import Rates, rate_on
from customers.models import Contact, Customer, Stage
from records.models import Ticket
from records.tickets import is_open_on
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
class Sums:
    """Of the customers below, at every level, on trial or active, whom the reader may see.

    They stand beside the customer's own figures and enter none of them, nor any total, score or sum of a list.
    """

    count: int
    gone: int  # churned or archived; they are in none of the sums
    mrr: Decimal | None  # in BASE_CURRENCY; None: none is known
    mrr_unknown: int  # customers without a known amount, or without a rate for it
    contacts: int
    open_tickets: int
    engagement: int | None  # hundredths; None: none is known
    at_risk: int


@dataclass(frozen=True, slots=True)
class Family:
    parent: Customer | None
    children: list[Customer]  # directly below; the worst health first
    below: Sums | None  # None: nobody is below


def annotations(pk: int, user: User, today: date) -> dict[str, Exists | ArraySubquery]:
    """Return what `load_family` reads of the customer: whether anybody stands below, and their sums by currency.

    Amounts come as text, because a number in JSON would pass through a float.
    """
    below = Q(pk__in=RawSQL(_BELOW, [pk]), provisional=False)  # noqa: S611
    # The customer itself is there for the rate of its currency, and in no sum.
    members = Customer.objects.visible_to(user).known().filter(below | Q(pk=pk)).order_by().values("currency")
    other = ~Q(pk=pk)
    counted = other & Q(stage__in=Stage.followed())
    sums = members.annotate(
        revenue=Cast(Sum("mrr", filter=counted), TextField()),
        number=Count("pk", filter=counted),
        left=Count("pk", filter=other & ~Q(stage__in=Stage.followed())),
        unknown=Count("pk", filter=counted & Q(mrr=None)),
        people=Sum(_number_of(Contact.objects.all()), filter=counted),
        waiting=Sum(_number_of(Ticket.objects.filter(is_open_on(today))), filter=counted),
        points=Sum("score__engagement", filter=counted),
        worried=Count("pk", filter=counted & Q(score__at_risk=True)),
        rate=rate_on(today),
    )
    names = ("currency", "revenue", "number", "left", "unknown", "people", "waiting", "points", "worried", "rate")
    return {
        "has_children": Exists(Customer.objects.filter(parent=OuterRef("pk"))),
        "family_sums": ArraySubquery(sums.values(row=JSONObject(**{name: name for name in names}))),
    }


def _number_of(rows: QuerySet[Any]) -> Subquery:
    of_one = rows.filter(customer=OuterRef("pk")).order_by().values("customer")
    return Subquery(of_one.annotate(n=Count("*")).values("n"))


def rates_read(customer: Customer) -> dict[str, str | None]:
    """Return currency → rate, of all currencies of the family; the customer's own is among them."""
    return {row["currency"]: row["rate"] for row in customer.family_sums}  # type: ignore[attr-defined] # annotated


def load_family(customer: Customer, user: User, rates: Rates, today: date) -> Family:
    """Return the family of a customer annotated with `annotations`. One query; none without relatives.

    `rates` know the currencies of `rates_read`.
    """
    has_children = customer.has_children  # type: ignore[attr-defined] # annotated
    parent, children = _relatives(customer, user) if has_children or customer.parent_id else (None, [])
    below = _sums(customer.family_sums, rates, today)  # type: ignore[attr-defined] # annotated
    return Family(parent, children, below if below.count or below.gone else None)


def _sums(rows: Sequence[Mapping[str, Any]], rates: Rates, today: date) -> Sums:
    amounts = [
        (rates.in_base(Decimal(row["revenue"]), row["currency"], today), row["number"] - row["unknown"])
        for row in rows
        if row["revenue"] is not None
    ]
    known = [amount for amount, _ in amounts if amount is not None]
    points = [row["points"] for row in rows if row["points"] is not None]
    return Sums(
        count=sum(row["number"] for row in rows),
        gone=sum(row["left"] for row in rows),
        mrr=sum(known, Decimal(0)) if known else None,
        mrr_unknown=sum(row["unknown"] for row in rows) + sum(n for amount, n in amounts if amount is None),
        contacts=sum(row["people"] or 0 for row in rows),
        open_tickets=sum(row["waiting"] or 0 for row in rows),
        engagement=sum(points) if points else None,
        at_risk=sum(row["worried"] for row in rows),
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
