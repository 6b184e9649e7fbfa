"""Sums of the customers at risk. The list shows them itself while they are few; beyond, they load separately here."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.db.models import Count, QuerySet, Sum
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.days import business_day
from core.web.htmx import render_part
from customers.models import Customer
from customers.models.customer import CustomerQuerySet
from desk.list.filters import OwnerFilter
from scoring.models import CurrentScore
from staff.models import User
from staff.requests import StaffRequest

MANY = 1_000  # counted exactly up to here; "more than" says enough until the totals are there


@dataclass(frozen=True, slots=True)
class Totals:
    """So many customers, and what they pay a month in BASE_CURRENCY. Those whose value is unknown are in no sum."""

    count: int
    unknown: int  # of them
    revenue: Decimal

    @classmethod
    def from_customers(cls, customers: CustomerQuerySet) -> Self:
        """Return the totals of customers with a score. One query."""
        return cls._of(customers, "score__monthly_value")

    @classmethod
    def _of(cls, rows: QuerySet[Any], value: str) -> Self:
        sums = rows.aggregate(count=Count("pk"), known=Count(value), revenue=Sum(value))
        return cls(sums["count"], sums["count"] - sums["known"], sums["revenue"] or Decimal(0))

    @classmethod
    def of_all(cls, today: date) -> Self:
        """Return the totals of the whole at-risk list: of all scores at risk, less snoozed customers. Two queries.

        From the index of the scores alone; joining a hundred thousand customers takes several times as long. A
        customer that left counts until it is scored again, which takes seconds.
        """
        at_risk = cls._of(CurrentScore.objects.filter(at_risk=True), "monthly_value")
        snoozed = cls.from_customers(Customer.objects.snoozed(today))
        return cls(at_risk.count - snoozed.count, at_risk.unknown - snoozed.unknown, at_risk.revenue - snoozed.revenue)


def of_few(customers: CustomerQuerySet) -> Totals | None:
    """Return the totals of up to MANY customers; None when there are more. One query, of bounded cost."""
    result = Totals.from_customers(customers[: MANY + 1])
    return None if result.count > MANY else result


def of_filtered(filterset: OwnerFilter, user: User, today: date) -> Totals:
    """Return the totals of all customers at risk that the filter leaves a colleague, however many."""
    is_unfiltered = filterset.is_valid() and not filterset.is_narrowing and not user.is_limited
    return Totals.of_all(today) if is_unfiltered else Totals.from_customers(filterset.qs)


@require_safe
def totals(request: StaffRequest) -> HttpResponse:
    """Show what all who are at risk add up to, however many."""
    today = business_day(timezone.now())
    filterset = OwnerFilter(request.GET, queryset=Customer.objects.visible_to(request.user).at_risk(today))
    result = of_filtered(filterset, request.user, today)
    return render_part(request, "desk/at_risk/totals.html", "figures", {"filter": filterset, "totals": result})
