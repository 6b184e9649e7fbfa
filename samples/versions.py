"""Drafts of scoring models to hold the samples against: the weights customers really leave by, and orders alone."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from samples.portfolio import churn
from scoring.model_versions import versions
from scoring.models import ScoringModel

RETAIL_DAYS = (date(2011, 3, 10), date(2011, 6, 8), date(2011, 9, 8))
RETAIL_HORIZON = 91


def truth(now: datetime) -> ScoringModel:
    """Make a draft that ranks the portfolio's customers exactly as their churn process does."""
    draft = _draft("True weights", window=churn.WINDOW, half_life=churn.HALF_LIFE, now=now)
    draft.weights.exclude(event_type__name__in=[driver.name for driver in churn.DRIVERS]).delete()
    for driver in churn.DRIVERS:
        points = Decimal(str(round(-100 * driver.weight, 2)))
        draft.weights.filter(event_type__name=driver.name).update(points=points, daily_cap=driver.daily_cap)
    return draft


def orders(now: datetime, half_life: int) -> ScoringModel:
    """Make a draft in which each order of the last 365 days is worth 10 points, as in `samples.online_retail.check`."""
    draft = _draft("Orders", window=365, half_life=half_life, now=now)
    draft.weights.exclude(event_type__name="Order completed").delete()
    draft.weights.update(points=10, daily_cap=100_000)
    return draft


def decision_days(last_day: date) -> list[date]:
    """Return the days on which the portfolio's customers decided whether to leave, and whose outcome is known."""
    ages = range(churn.MONTH, 400 - churn.WINDOW + 1, churn.MONTH)
    return sorted(last_day - timedelta(days=age) for age in ages)


def _draft(name: str, *, window: int, half_life: int, now: datetime) -> ScoringModel:
    current = ScoringModel.objects.current()
    assert current is not None
    draft = versions.draft_from(current, now=now)
    draft.name, draft.window, draft.half_life = name, window, half_life
    draft.save(update_fields=["name", "window", "half_life"])
    return draft
