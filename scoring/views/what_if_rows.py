"""The customers who change band, with names and owners, for a page or a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from customers.models import Customer
from scoring.explain.score_change import ScoreChange
from scoring.vectorised import ENGAGEMENT_BANDS, HEALTH_BANDS, UNKNOWN
from scoring.what_if.comparison import NO_VALUE, Comparison

PAGE = 50
_NO_REASONS: Mapping[int, ScoreChange] = {}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """Health in hundredths; None is unknown. `value` is what the customer is worth a month in BASE_CURRENCY."""

    customer: Customer
    value: Decimal | None
    health_before: int | None
    health: int | None
    band_before: str | None
    band: str | None
    engagement_before: str | None
    engagement: str | None
    why: ScoreChange | None  # where it was asked


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
            why=why.get(pk),
        )
        for pk, i in zip(customer_ids, places.tolist(), strict=True)
        # A customer may have been merged or erased since the base was prepared.
        if pk in customers
    ]


def _health(health: int, band: int) -> int | None:
    return None if band == UNKNOWN else int(health)


def _band(band: int, names: Sequence[str]) -> str | None:
    return None if band == UNKNOWN else names[band]
