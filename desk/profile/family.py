"""Who stands above and below a customer, and what those below add up to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.expressions import RawSQL

from core.money import Rates, rate_on
from customers.models import Contact, Customer, Stage
from records.models import Ticket
from records.tickets import is_open_on
from staff.models import User

SHOWN = 5
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


def annotations(today: date) -> dict[str, Any]:
    """Return what `load_family` reads of the customer: whether anybody stands below, and the rate of its currency."""
    return {
        "has_children": Exists(Customer.objects.filter(parent=OuterRef("pk"))),
        "own_rate": rate_on(today),
    }


def _number_of(rows: QuerySet[Any]) -> Subquery:
    of_one = rows.filter(customer=OuterRef("pk")).order_by().values("customer")
    return Subquery(of_one.annotate(n=Count("*")).values("n"))


def _sums_below(pk: int, user: User, today: date) -> QuerySet[Any]:
    """Return the query of the sums of those below, by currency."""
    below = Q(pk__in=RawSQL(_BELOW, [pk]), provisional=False)  # noqa: S611
    members = Customer.objects.visible_to(user).known().filter(below).exclude(pk=pk).order_by().values("currency")
    counted = Q(stage__in=Stage.followed())
    return members.annotate(
        revenue=Sum("mrr", filter=counted),
        number=Count("pk", filter=counted),
        left=Count("pk", filter=~Q(stage__in=Stage.followed())),
        unknown=Count("pk", filter=counted & Q(mrr=None)),
        people=Sum(_number_of(Contact.objects.all()), filter=counted),
        waiting=Sum(_number_of(Ticket.objects.filter(is_open_on(today))), filter=counted),
        points=Sum("score__engagement", filter=counted),
        worried=Count("pk", filter=counted & Q(score__at_risk=True)),
        rate=rate_on(today),
    )


def rates_read(customer: Customer) -> dict[str, str | None]:
    """Return currency → rate, of the customer's own currency."""
    return {customer.currency: customer.own_rate}  # type: ignore[attr-defined] # annotated


def load_family(customer: Customer, user: User, today: date) -> Family:
    """Return the family of a customer annotated with `annotations`. Two queries at most; none without relatives."""
    has_children = customer.has_children  # type: ignore[attr-defined] # annotated
    parent, children = _relatives(customer, user) if has_children or customer.parent_id else (None, [])
    assert customer.pk is not None
    below = _sums(list(_sums_below(customer.pk, user, today)), today) if has_children else None
    return Family(parent, children, below if below and (below.count or below.gone) else None)


def _sums(rows: Sequence[Mapping[str, Any]], today: date) -> Sums:
    rates = Rates.of_day(today, {row["currency"]: row["rate"] for row in rows})
    amounts = [
        (rates.in_base(row["revenue"], row["currency"], today), row["number"] - row["unknown"])
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
