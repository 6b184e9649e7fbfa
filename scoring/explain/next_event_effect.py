"""What one more event of each type would do to a score, on its day. By the plain engine."""

from dataclasses import dataclass, replace
from datetime import date

from events.models import EventType
from scoring import engine
from scoring.vectorised import BatchEngine


@dataclass(frozen=True, slots=True)
class NextEventEffect:
    """How engagement and health would change, in hundredths; None where health is unknown before or after."""

    event_type: EventType
    engagement: int
    health: int | None


def next_event_effects(
    batch_engine: BatchEngine, facts: engine.Facts, types: dict[int, EventType], *, as_of: date, known_on: date
) -> list[NextEventEffect]:
    """Return the types whose next event would change something, the most helpful first.

    The event is imagined on `as_of`, by one of the contacts who are active already, worth one unit where values count.
    """
    days = {"as_of": as_of.toordinal(), "known_on": known_on.toordinal()}
    now = engine.score(batch_engine.model, facts, **days)
    effects = [
        NextEventEffect(types[weight.event_type], *_change(now, engine.score(batch_engine.model, with_it, **days)))
        for weight in batch_engine.weights
        for with_it in [_with(facts, weight, days["as_of"])]
    ]
    telling = [effect for effect in effects if effect.engagement or effect.health]
    return sorted(telling, key=lambda effect: (-effect.engagement, -(effect.health or 0), effect.event_type.name))


def _with(facts: engine.Facts, weight: engine.Weight, day: int) -> engine.Facts:
    event = engine.Count(weight.event_type, day, day, 1, weight.unit or 0)
    return replace(
        facts,
        counts=[*facts.counts, event],
        last_active_day=day if weight.is_activity else facts.last_active_day,
        last_touch_day=day if weight.is_touch else facts.last_touch_day,
    )


def _change(
    before: tuple[engine.Engagement, engine.Health], after: tuple[engine.Engagement, engine.Health]
) -> tuple[int, int | None]:
    (was, health), (now, healthier) = before, after
    known = health.total is not None and healthier.total is not None
    difference = (healthier.total or 0) - (health.total or 0) if known else None
    return (now.total or 0) - (was.total or 0), difference
