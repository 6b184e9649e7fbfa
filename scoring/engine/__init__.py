"""The arithmetic of engagement and health, on integers, one customer at a time (docs/understand/scoring-reference.md).

This is the definition: plain Python, no Django, no clock, numbers a reader can redo. `scoring.vectorised` does the
same for many customers at once and must give the same bits; explanations are made here.

Units: points, engagement and health in hundredths; decay in millionths; values and logged numbers in thousandths;
days as proleptic ordinals (`date.toordinal`).
"""

from scoring.engine.engagement import contribution, decay_table, engagement, engagement_band, quantity
from scoring.engine.factor_definition import FactorDefinition, Period, Unit
from scoring.engine.factors import DEFINITIONS, log_name
from scoring.engine.health import factor_points, health, health_band, shared_out
from scoring.engine.inputs import is_flagged, override, readings
from scoring.engine.reach import contact_days, reach, trend_days
from scoring.engine.shapes import (
    COUNT_LIMIT,
    DECAY_ONE,
    INPUT_LIMIT,
    PERIOD_VALUE_LIMIT,
    POINT,
    VALUE_LIMIT,
    Active,
    Bands,
    Count,
    Engagement,
    Factor,
    FactorLine,
    Facts,
    Health,
    Line,
    Logged,
    Model,
    Reading,
    Weight,
)

__all__ = [
    "COUNT_LIMIT",
    "DECAY_ONE",
    "DEFINITIONS",
    "INPUT_LIMIT",
    "PERIOD_VALUE_LIMIT",
    "POINT",
    "VALUE_LIMIT",
    "Active",
    "Bands",
    "Count",
    "Engagement",
    "Factor",
    "FactorDefinition",
    "FactorLine",
    "Facts",
    "Health",
    "Line",
    "Logged",
    "Model",
    "Period",
    "Reading",
    "Unit",
    "Weight",
    "contact_days",
    "contribution",
    "decay_table",
    "engagement",
    "engagement_band",
    "factor_points",
    "health",
    "health_band",
    "is_flagged",
    "log_name",
    "override",
    "quantity",
    "reach",
    "readings",
    "score",
    "shared_out",
    "trend_days",
]


def score(model: Model, facts: Facts, *, as_of: int, known_on: int) -> tuple[Engagement, Health]:
    """Score one customer at the close of `as_of` with what was known at the close of `known_on`."""
    active = engagement(
        model, facts.counts, facts.actives, as_of=as_of, known_on=known_on, last_active_day=facts.last_active_day
    )
    read = readings(model, facts, active, as_of=as_of, known_on=known_on)
    composed = health(
        model,
        {key: reading.value for key, reading in read.items()},
        days_known=None if facts.first_known is None else max(0, as_of - facts.first_known + 1),
        overridden_to=override(facts.logged, as_of=as_of, known_on=known_on),
        is_new=facts.within_new_days and not any(line.weight.is_grave and line.quantity for line in active.lines),
    )
    return active, composed
