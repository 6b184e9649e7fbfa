"""Who is at risk, and what is at stake (docs/scoring.md, "At risk")."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q

from core.money import Rates
from customers.models import Customer, Stage
from records.models import Contract
from scoring.models import EngagementBand, HealthBand, MedianValue, ScoreHistory

DAYS_BACK = 14
FALL = 2_000  # hundredths of health
RENEWAL_WITHIN = timedelta(days=90)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Situation:
    """What a customer's risk depends on besides its score. Money is in BASE_CURRENCY a month."""

    customer: int
    is_followed: bool
    monthly_value: Decimal | None
    typical_value: Decimal | None  # the portfolio's median
    renews_soon: bool
    engagement_before: int | None  # in the history of 14 days ago
    health_before: int | None

    def is_at_risk(self, band: str | None, health: int | None, colour: str | None) -> bool:
        """Tell whether health is red (before it is known: engagement in danger), or fell by 20 points."""
        if not self.is_followed:
            return False
        if colour is None:
            return band in EngagementBand.in_danger()
        assert health is not None
        fell = self.health_before is not None and self.health_before - health >= FALL
        return colour == HealthBand.RED or fell

    def at_stake(self, health: int | None) -> tuple[Decimal | None, bool]:
        """Return monthly value × (100 − health)/100, doubled before a renewal, and whether the value is typical.

        Unknown health counts as 0: nothing is known that would make the customer safer.
        """
        value = self.typical_value if self.monthly_value is None else self.monthly_value
        if value is None:
            return None, False
        share = Decimal(10_000 - (health or 0)) / 10_000
        stake = value * share * (2 if self.renews_soon else 1)
        return stake.quantize(_CENT), self.monthly_value is None


def situations(customers: Sequence[int], today: date) -> dict[int, Situation]:
    """Return the situation of each customer. Three queries; four with other currencies, more once a day."""
    before = _before(customers, today - timedelta(days=DAYS_BACK))
    soon = Contract.objects.filter(customer=OuterRef("pk"), renews_on__range=(today, today + RENEWAL_WITHIN)).filter(
        Q(ends_on=None) | Q(ends_on__gte=today)
    )
    rows = list(
        Customer.objects.filter(pk__in=customers)
        .annotate(soon=Exists(soon))
        .values_list("pk", "stage", "provisional", "mrr", "currency", "soon")
    )
    rates = Rates({currency for *_, currency, _ in rows})
    typical = typical_value(today)
    return {
        pk: Situation(
            customer=pk,
            is_followed=stage in Stage.followed() and not provisional,
            monthly_value=None if mrr is None else rates.in_base(mrr, currency, today),
            typical_value=typical,
            renews_soon=renews_soon,
            engagement_before=before.get(pk, (None, None))[0],
            health_before=before.get(pk, (None, None))[1],
        )
        for pk, stage, provisional, mrr, currency, renews_soon in rows
    }


def _before(customers: Sequence[int], day: date) -> dict[int, tuple[int | None, int | None]]:
    rows = ScoreHistory.objects.filter(customer__in=customers, day=day)
    return {pk: (engagement, health) for pk, engagement, health in rows.values_list("customer", "engagement", "health")}


def typical_value(today: date) -> Decimal | None:
    """Return the median monthly value of followed customers, computed once a day; None when none is known."""
    row = MedianValue.objects.filter(day=today).first()
    if row is None:
        MedianValue.objects.bulk_create([MedianValue(day=today, amount=_median(today))], ignore_conflicts=True)
        row = MedianValue.objects.get(day=today)
    return row.amount


_MEDIAN = """
    WITH rates AS (
        SELECT DISTINCT ON (currency) currency, rate FROM core_currencyrate WHERE day <= %s
        ORDER BY currency, day DESC
    )
    SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY mrr * CASE WHEN customer.currency = %s THEN 1 ELSE rate END)
    FROM customers_customer AS customer LEFT JOIN rates ON rates.currency = customer.currency
    WHERE mrr IS NOT NULL AND NOT provisional AND stage = ANY(%s) AND (customer.currency = %s OR rate IS NOT NULL)
"""


def _median(today: date) -> Decimal | None:
    base = settings.BASE_CURRENCY
    with connection.cursor() as cursor:
        cursor.execute(_MEDIAN, [today, base, list(Stage.followed()), base])
        median = cursor.fetchone()[0]
    return None if median is None else Decimal(median).quantize(_CENT)
