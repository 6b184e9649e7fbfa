from scoring.engine.engagement import engagement
from scoring.engine.health import health
from scoring.engine.inputs import override, readings
from scoring.engine.shapes import Engagement, Facts, Health, Model


def score(model: Model, facts: Facts, *, as_of: int, known_on: int) -> tuple[Engagement, Health]:
    """Score one customer at the close of `as_of` with what was known at the close of `known_on`."""
    active = engagement(
        model, facts.counts, facts.actives, as_of=as_of, known_on=known_on, ever_active=facts.ever_active
    )
    read = readings(model, facts, active, as_of=as_of, known_on=known_on)
    composed = health(
        model,
        {key: reading.value for key, reading in read.items()},
        days_known=None if facts.first_known is None else max(0, as_of - facts.first_known + 1),
        overridden_to=override(facts.logged, as_of=as_of, known_on=known_on),
    )
    return active, composed
