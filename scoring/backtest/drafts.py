"""A version as the engine wants it, with other half-lives, other points, or none but a count of events."""

from collections.abc import Mapping
from dataclasses import replace

from events.models import EventType
from scoring import engine
from scoring.models import ScoringModel
from scoring.models.scoring_model import MAX_DAILY_CAP

MOST_POINTS = 1_000_00  # hundredths: what the database allows a weight


def own_half_lives(model: ScoringModel) -> frozenset[int]:
    """Return the event types whose weight has a half-life of its own."""
    return frozenset(model.weights.exclude(half_life=None).values_list("event_type", flat=True))


def with_points(
    model: engine.Model, points: Mapping[int, int], half_life: int | None, own: frozenset[int]
) -> engine.Model:
    """Return the version's engagement, without health, with other points (event type → hundredths) and half-life."""
    weights = tuple(_with(weight, points, half_life, own) for weight in model.weights)
    return replace(model, weights=weights, factors=())


def _with(
    weight: engine.Weight, points: Mapping[int, int], half_life: int | None, own: frozenset[int]
) -> engine.Weight:
    decay = weight.decay
    if weight.event_type not in own:
        decay = tuple(engine.decay_table(weight.window, half_life))
    new_points = max(-MOST_POINTS, min(MOST_POINTS, points.get(weight.event_type, 0)))
    return replace(weight, points=new_points, decay=decay)


def counting(model: engine.Model) -> engine.Model:
    """Return a version that gives a point to each activity of the installation in the window: plain counting."""
    decay = tuple(engine.decay_table(model.window, None))
    types = EventType.objects.filter(is_activity=True).order_by("pk").values_list("pk", flat=True)
    weights = tuple(engine.Weight(pk, points=100, daily_cap=MAX_DAILY_CAP, decay=decay) for pk in types)
    return replace(model, weights=weights, factors=())
