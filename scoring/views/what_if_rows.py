"""The customers who change, with names and owners, for a page or a file; and all of them in a few figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from customers.models import Customer
from scoring.explain.score_change import ScoreChange
from scoring.models import HealthBand
from scoring.vectorised import ENGAGEMENT_BANDS, HEALTH_BANDS, UNKNOWN, is_judged
from scoring.what_if.ask import Answer
from scoring.what_if.comparison import NO_VALUE, BandChange, Comparison
from staff.models import User

PAGE = 50
_NO_REASONS: Mapping[int, ScoreChange] = {}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """Health in hundredths; None is unknown. `value` is what the customer is worth a month in BASE_CURRENCY.

    `earlier` is health FALL_DAYS before, by the version that scores afterwards.
    """

    customer: Customer
    value: Decimal | None
    health_before: int | None
    health: int | None
    band_before: str | None
    band: str | None
    engagement_before: str | None
    engagement: str | None
    at_risk_before: bool
    at_risk: bool
    earlier: int | None
    why: ScoreChange | None  # where it was asked

    @property
    def has_fallen(self) -> bool:
        """Tell whether it is the fall that puts the customer at risk, and not where it stands."""
        return self.at_risk and self.health is not None and self.band != HealthBand.RED


def rows(comparison: Comparison, places: np.ndarray, why: Mapping[int, ScoreChange] = _NO_REASONS) -> list[ChangeRow]:
    """Return the customers at these places, in that order. One query."""
    judged, customer_ids = comparison.judged, comparison.judged.customers[places].tolist()
    customers = Customer.objects.select_related("owner").in_bulk(customer_ids)
    return [
        ChangeRow(
            customer=customers[pk],
            value=None if comparison.cents[i] == NO_VALUE else Decimal(int(comparison.cents[i])) / 100,
            health_before=_health(judged.before.health[i], judged.before.health_band[i]),
            health=_health(judged.after.health[i], judged.after.health_band[i]),
            band_before=_band(judged.before.health_band[i], HEALTH_BANDS),
            band=_band(judged.after.health_band[i], HEALTH_BANDS),
            engagement_before=_band(judged.before.engagement_band[i], ENGAGEMENT_BANDS),
            engagement=_band(judged.after.engagement_band[i], ENGAGEMENT_BANDS),
            at_risk_before=bool(judged.at_risk_before[i]),
            at_risk=bool(judged.at_risk_after[i]),
            earlier=int(judged.after_earlier.value[i]) if judged.after_earlier.known[i] else None,
            why=why.get(pk),
        )
        for pk, i in zip(customer_ids, places.tolist(), strict=True)
        # A customer may have been merged or erased since the base was prepared.
        if pk in customers
    ]


def upshot(answer: Answer, user: User) -> dict[str, Any]:
    """Return what the first sentences say: whose band changes, and who is at risk afterwards and was not. One query."""
    comparison = answer.comparison
    assert comparison is not None
    return {
        "everybody": comparison.sum_of(BandChange.ALL),
        "red": comparison.sum_of(BandChange.RED),
        "at_risk": comparison.sum_of(BandChange.AT_RISK),
        "no_longer_at_risk": comparison.sum_of(BandChange.NO_LONGER_AT_RISK),
        "total": comparison.count,
        "not_judged": Customer.objects.visible_to(user).known().count() - comparison.count,
        "day": answer.day,
    }


def _health(health: int, band: int) -> int | None:
    return int(health) if is_judged(band) else None


def _band(band: int, names: Sequence[str]) -> str | None:
    return None if band == UNKNOWN else names[band]
