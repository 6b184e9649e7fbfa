"""Who is at risk, and how urgently (docs/understand/scoring-reference.md, "At risk")."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Q

from core.money import Rates
from customers.models import Customer, Stage
from records.renewals import next_renewal
from scoring.inputs import batches
from scoring.models import MedianValue
from scoring.risk.danger import is_in_danger
from scoring.risk.signals import FALL_DAYS, is_renewal_near

CHANGES = (7, 30)  # days over which lists show and sort by the change of a score
_CENT = Decimal("0.01")


class PastScore(NamedTuple):
    """What a past day comes to by the version that judges now, as known then."""

    engagement: int | None
    health: int | None


NOTHING = PastScore(None, None)
Past = Mapping[int, PastScore]  # days ago → the scores of that day


class RiskInputs(NamedTuple):
    """What a customer's risk depends on besides its score. Money is in BASE_CURRENCY a month."""

    customer: int
    is_followed: bool
    monthly_value: Decimal | None
    typical_value: Decimal | None  # the portfolio's median
    renews_on: date | None  # the next renewal, while followed
    renews_soon: bool
    past: Past

    @property
    def engagement_before(self) -> int | None:
        return self.past.get(FALL_DAYS, NOTHING).engagement

    @property
    def health_before(self) -> int | None:
        return self.past.get(FALL_DAYS, NOTHING).health

    def changes(self, engagement: int | None, health: int | None) -> list[int | None]:
        """Return the change of engagement over 7 and 30 days, then of health; None where either end is unknown."""
        past = [self.past.get(days, NOTHING) for days in CHANGES]
        return [_less(engagement, before.engagement) for before in past] + [
            _less(health, before.health) for before in past
        ]

    def is_at_risk(self, band: str | None, health: int | None, colour: str | None) -> bool:
        """Tell whether health is red (before it is known: engagement in danger), or fell by 20 points."""
        return self.is_followed and is_in_danger(band, health, colour, self.health_before)

    def urgency(self, health: int | None) -> tuple[Decimal | None, bool]:
        """Return monthly value × (100 − health)/100, doubled before a renewal, and whether the value is typical.

        It orders customers and is no money: what is at risk is the monthly value, once. Unknown health counts as 0:
        nothing is known that would make the customer safer.
        """
        value = self.typical_value if self.monthly_value is None else self.monthly_value
        if value is None:
            return None, False
        share = Decimal(10_000 - (health or 0)) / 10_000
        urgency = value * share * (2 if self.renews_soon else 1)
        return urgency.quantize(_CENT), self.monthly_value is None


def risk_inputs(customers: Sequence[int], past: Mapping[int, Past], today: date) -> dict[int, RiskInputs]:
    """Return customer → what its risk depends on besides its score; `past` by customer.

    Two queries; three with other currencies, more once a day.
    """
    ids = set(customers)
    near = {"pk__range": (min(ids), max(ids))} if batches.is_range(sorted(ids)) else {"pk__in": ids}
    rows = list(
        Customer.objects.filter(**near)
        .annotate(renewal=next_renewal(today))
        .annotate(is_hidden=Q(provisional=True) | Q(merged_into__isnull=False) | Q(removed_at__isnull=False))
        .values_list("pk", "stage", "is_hidden", "mrr", "currency", "renewal")
    )
    followed = set(Stage.followed())
    rates = Rates({currency for *_, currency, _ in rows})
    typical = typical_value(today)
    return {
        pk: RiskInputs(
            customer=pk,
            is_followed=(is_followed := stage in followed and not is_hidden),
            monthly_value=_in_cents(None if mrr is None else rates.in_base(mrr, currency, today)),
            typical_value=typical,
            renews_on=renewal if is_followed else None,
            renews_soon=is_renewal_near(renewal, today),
            past=past.get(pk, {}),
        )
        for pk, stage, is_hidden, mrr, currency, renewal in rows
        if pk in ids
    }


def _in_cents(value: Decimal | None) -> Decimal | None:
    """Round as it is kept and shown, so that whoever takes the urgency apart from it comes to the same."""
    return None if value is None else value.quantize(_CENT)


def _less(now: int | None, before: int | None) -> int | None:
    return None if now is None or before is None else now - before


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
    WHERE mrr IS NOT NULL AND NOT provisional AND merged_into_id IS NULL AND removed_at IS NULL
      AND stage = ANY(%s) AND (customer.currency = %s OR rate IS NOT NULL)
"""


def _median(today: date) -> Decimal | None:
    base = settings.BASE_CURRENCY
    with connection.cursor() as cursor:
        cursor.execute(_MEDIAN, [today, base, list(Stage.followed()), base])
        median = cursor.fetchone()[0]
    return _in_cents(None if median is None else Decimal(median))
