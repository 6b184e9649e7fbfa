"""Sums of the customers at risk. The list shows them itself while they are few; beyond, they load separately here."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self

from django.db.models import Count, Sum
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.days import business_day
from core.web.htmx import render_part
from customers.models import Customer
from customers.models.customer import CustomerQuerySet
from desk.list.filters import OwnerFilter
from scoring.models import CurrentScore
from staff.requests import StaffRequest

MANY = 1_000  # counted exactly up to here; "more than" says enough until the totals are there


@dataclass(frozen=True, slots=True)
class Totals:
    count: int
    stake: Decimal | None  # BASE_CURRENCY a month; None: nothing is known

    @classmethod
    def from_customers(cls, customers: CustomerQuerySet) -> Self:
        """Return the totals of customers with a score. One query."""
        return cls(**customers.aggregate(count=Count("pk"), stake=Sum("score__value_at_stake")))

    @classmethod
    def of_all(cls, today: date) -> Self:
        """Return the totals of the whole at-risk list: of all scores at risk, less snoozed customers. Two queries.

        From the index of the scores alone; joining a hundred thousand customers takes several times as long. A
        customer that left counts until it is scored again, which takes seconds.
        """
        at_risk = cls(
            **CurrentScore.objects.filter(at_risk=True).aggregate(count=Count("pk"), stake=Sum("value_at_stake"))
        )
        snoozed = cls.from_customers(Customer.objects.snoozed(today))
        stake = None if at_risk.stake is None else at_risk.stake - (snoozed.stake or 0)
        return cls(at_risk.count - snoozed.count, stake)


def of_few(customers: CustomerQuerySet) -> Totals | None:
    """Return the totals of up to MANY customers; None when there are more. One query, of bounded cost."""
    result = Totals.from_customers(customers[: MANY + 1])
    return None if result.count > MANY else result


@require_safe
def totals(request: StaffRequest) -> HttpResponse:
    """Show what all who are at risk add up to, however many."""
    today = business_day(timezone.now())
    filterset = OwnerFilter(request.GET, queryset=Customer.objects.visible_to(request.user).at_risk(today))
    is_unfiltered = filterset.is_valid() and not filterset.is_narrowing and not request.user.is_limited
    result = Totals.of_all(today) if is_unfiltered else Totals.from_customers(filterset.qs)
    return render_part(request, "desk/at_risk/totals.html", "figures", {"filter": filterset, "totals": result})
