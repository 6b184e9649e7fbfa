"""Other numbers for a draft, tried without saving: points, weights of factors, where health turns yellow and green."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db import transaction

from scoring import engine
from scoring.model_versions.versions import hundredths
from scoring.models import Factor, ScoringModel, Status, Weight


class NoDraft(Exception):
    """The version was published meanwhile: nothing of it changes any more."""


@dataclass(frozen=True, slots=True)
class Try:
    """What is to be different from the draft as it is saved."""

    points: Mapping[int, Decimal] = field(default_factory=dict)  # by event type
    weights: Mapping[str, int] = field(default_factory=dict)  # by the factor's key
    bounds: Mapping[str, Decimal] = field(default_factory=dict)  # yellow_from, green_from

    def __bool__(self) -> bool:
        return bool(self.points or self.weights or self.bounds)

    def on(self, model: engine.Model) -> engine.Model:
        """Return the model with these numbers; its structure stays."""
        return replace(
            model,
            weights=tuple(
                replace(one, points=hundredths(self.points[one.event_type])) if one.event_type in self.points else one
                for one in model.weights
            ),
            factors=tuple(replace(one, weight=self.weights.get(one.key, one.weight)) for one in model.factors),
            bands=replace(model.bands, **{name: hundredths(bound) for name, bound in self.bounds.items()}),
        )


@transaction.atomic
def save(draft: ScoringModel, tried: Try) -> None:
    """Write the numbers into the draft. Raises NoDraft; IntegrityError when the bounds do not ascend."""
    held = ScoringModel.objects.select_for_update().get(pk=draft.pk)
    if held.status != Status.DRAFT:
        raise NoDraft
    for event_type, points in tried.points.items():
        Weight.objects.filter(model=held, event_type=event_type).update(points=points)
    for factor in Factor.objects.filter(model=held):
        if (weight := tried.weights.get(key_of(factor))) is not None:
            factor.weight = weight
            factor.save(update_fields=["weight"])
    if tried.bounds:
        ScoringModel.objects.filter(pk=held.pk).update(**tried.bounds)


def key_of(factor: Factor) -> str:
    """Return what tells the factor from others of its model (engine.Factor.key)."""
    return f"{factor.kind}:{factor.name}" if factor.name else factor.kind
