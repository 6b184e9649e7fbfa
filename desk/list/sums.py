"""What customers add up to: how many, what they pay a month, their mean health, and what of it is at risk.

Money, health and risk are of those on trial and active ones, as in the portfolio: who left pays nothing and is scored
no more. What is unknown is in no sum, and is counted apart.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Self

from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.days import business_day
from core.web.htmx import render_part
from customers.models import Customer, Stage
from customers.models.customer import CustomerQuerySet
from desk.list.list_filter import MANY, ListFilter
from staff.requests import StaffRequest

_FOLLOWED = Q(stage__in=Stage.followed())
_AT_RISK = _FOLLOWED & Q(score__at_risk=True)
# One set of expressions for one sum and for the sums of groups
EXPRESSIONS = {
    "customers": Count("pk"),
    "followed": Count("pk", filter=_FOLLOWED),
    "revenue": Sum("score__monthly_value", filter=_FOLLOWED),
    "valued": Count("score__monthly_value", filter=_FOLLOWED),
    "health_sum": Sum("score__health", filter=_FOLLOWED),
    "health_known": Count("score__health", filter=_FOLLOWED),
    "at_risk": Count("pk", filter=_AT_RISK),
    "revenue_at_risk": Sum("score__monthly_value", filter=_AT_RISK),
    "valued_at_risk": Count("score__monthly_value", filter=_AT_RISK),
}


@dataclass(frozen=True, slots=True)
class Sums:
    """`revenue` in BASE_CURRENCY a month; `valued` and `health_known` say of how many of the followed."""

    customers: int = 0
    followed: int = 0
    revenue: Decimal = Decimal(0)
    valued: int = 0
    health_sum: int = 0  # hundredths
    health_known: int = 0
    at_risk: int = 0
    revenue_at_risk: Decimal = Decimal(0)
    valued_at_risk: int = 0

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """Return the sums of a row of EXPRESSIONS, where a sum of nothing is null."""
        values: dict[str, Any] = {field.name: row[field.name] or field.default for field in fields(cls)}
        return cls(**values)

    @property
    def unknown(self) -> int:
        return self.followed - self.valued

    @property
    def unknown_at_risk(self) -> int:
        return self.at_risk - self.valued_at_risk

    @property
    def health(self) -> int | None:
        """The mean of the known, in hundredths, rounded down."""
        return self.health_sum // self.health_known if self.health_known else None


def add(all_sums: Iterable[Sums]) -> Sums:
    rows = list(all_sums)
    values: dict[str, Any] = {
        field.name: sum((getattr(row, field.name) for row in rows), start=getattr(Sums(), field.name))
        for field in fields(Sums)
    }
    return Sums(**values)


def of_all(customers: CustomerQuerySet) -> Sums:
    """One query."""
    return Sums.from_row(customers.aggregate(**EXPRESSIONS))


def of_few(customers: CustomerQuerySet) -> Sums | None:
    """Return the sums of up to MANY customers; None when there are more. One query, of bounded cost."""
    few = of_all(customers.order_by()[: MANY + 1])
    return None if few.customers > MANY else few


@require_safe
def sums(request: StaffRequest) -> HttpResponse:
    """Show what all whom the filter finds add up to, however many: the list loads it apart from a thousand on."""
    today = business_day(timezone.now())
    visible = Customer.objects.visible_to(request.user).known()
    filterset = ListFilter(request.GET, queryset=visible, today=today)
    context = {"filter": filterset, "query": request.GET.urlencode()}
    if filterset.is_valid():
        context["sums"] = of_all(filterset.qs)
    return render_part(request, "desk/list/sums.html", "figures", context)
