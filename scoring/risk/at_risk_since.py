"""Since when customers have been at risk, read from the history of bands."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from scoring.models import CurrentScore, EngagementBand, HealthBand, Transition
from scoring.risk.signals import FALL_DAYS

Change = tuple[date, str | None]  # the day a band changed, and the band since


def at_risk_since(scores: Iterable[CurrentScore], *, today: date) -> dict[int, date | None]:
    """Return for each customer the day its danger began; None: ever since it was first scored. One query."""
    rows = list(scores)
    changes = _last_changes([row.customer_id for row in rows])
    return {row.customer_id: began(row, changes.get(row.customer_id, {}), today) for row in rows}


def began(score: CurrentScore, changes: Mapping[str, Change], today: date) -> date | None:
    """Return the day the danger of one score began. `changes`: kind of band → its last change in the history.

    Where today's band is not the history's yet, it began today. A fall of health that left the band out of
    danger began where the fall is measured from.
    """
    if score.health_band == HealthBand.RED:
        band, kind = score.health_band, Transition.Kind.HEALTH
    elif score.health_band is None and score.engagement_band in EngagementBand.in_danger():
        band, kind = score.engagement_band, Transition.Kind.ENGAGEMENT
    else:
        return today - timedelta(days=FALL_DAYS)
    if kind not in changes:
        return None
    day, after = changes[kind]
    return day if after == band else today


def _last_changes(customers: list[int]) -> dict[int, dict[str, Change]]:
    changes: dict[int, dict[str, Change]] = {}
    rows = Transition.objects.filter(customer__in=customers).order_by("customer_id", "kind", "-day")
    for customer, kind, day, after in rows.distinct("customer_id", "kind").values_list(
        "customer_id", "kind", "day", "band_after"
    ):
        changes.setdefault(customer, {})[kind] = (day, after)
    return changes
