"""How far back a model looks: which days of counts and contacts a score of one day needs."""

from scoring.engine.factor_definition import Period
from scoring.engine.factors import DEFINITIONS
from scoring.engine.shapes import Model


def trend_days(model: Model) -> list[int]:
    """Return how many days before engagement is looked at again, ascending."""
    return sorted(set(_periods(model, Period.ENGAGEMENT_CHANGE)))


def reach(model: Model) -> int:
    """Return how many days of counts a score of one day looks at."""
    # Active contacts are not counts, but scores stored so far were flagged within their period too.
    periods = _periods(model, Period.COUNTS, Period.CONTACTS)
    return max([model.longest_window + max([0, *trend_days(model)]), *periods])


def contact_days(model: Model) -> int:
    """Return how many days of active contacts it looks at; 0 when it looks at none."""
    windows = [weight.window + max([0, *trend_days(model)]) for weight in model.weights if weight.per_contact]
    return max([0, *windows, *_periods(model, Period.CONTACTS)])


def _periods(model: Model, *periods: Period) -> list[int]:
    return [factor.days for factor in model.factors if DEFINITIONS[factor.kind].period in periods]
