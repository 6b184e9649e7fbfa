"""Versions of the scoring model: draft from an earlier one, publish, and load as the engine wants it."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from scoring import engine
from scoring.models import Factor, NullRule, ScoringModel, Status, Weight
from staff.models import User


class CannotPublish(Exception):
    """A draft that cannot be published; the message says what to do."""


@transaction.atomic
def publish(draft: ScoringModel, *, now: datetime, by: User | None) -> ScoringModel:
    """Make the draft the current version and retire the one before. Everybody is rescored by the next pass.

    Copies what the weights take from event types and computes their decay, so that the version depends on
    nothing that can change. Raises CannotPublish.
    """
    draft = ScoringModel.objects.select_for_update().get(pk=draft.pk)
    if draft.status != Status.DRAFT:
        raise CannotPublish(_("Version %(version)s was published before. Copy it to a draft.") % {"version": draft.pk})
    if not draft.weights.exists() or not draft.factors.exists():
        raise CannotPublish(_("Give the draft at least one weight and one health factor before you publish it."))
    _freeze_weights(draft)
    for retired in ScoringModel.objects.select_for_update().filter(status=Status.PUBLISHED):
        retired.status, retired.retired_at = Status.RETIRED, now
        retired.save(update_fields=["status", "retired_at"])
    draft.status, draft.published_at, draft.published_by = Status.PUBLISHED, now, by
    draft.save(update_fields=["status", "published_at", "published_by"])
    return draft


def _freeze_weights(draft: ScoringModel) -> None:
    weights = list(draft.weights.select_related("event_type"))
    for weight in weights:
        weight.is_activity = weight.event_type.is_activity
        weight.is_key_action = weight.event_type.is_key_action
        weight.unit = None if weight.event_type.unit is None else int(weight.event_type.unit * 1000)
        weight.decay = engine.decay_table(weight.window or draft.window, weight.half_life or draft.half_life)
    Weight.objects.bulk_update(weights, ["is_activity", "is_key_action", "unit", "decay"])


@transaction.atomic
def draft_from(model: ScoringModel, *, now: datetime) -> ScoringModel:
    """Copy a version, whatever its status, to a new draft."""
    weights, factors = list(model.weights.all()), list(model.factors.all())
    draft = ScoringModel.objects.get(pk=model.pk)
    draft.pk, draft.status, draft.created_at = None, Status.DRAFT, now
    draft.published_at = draft.published_by = draft.retired_at = None
    draft.save(force_insert=True)
    for copies in (weights, factors):
        for row in copies:
            row.pk, row.model = None, draft
    Weight.objects.bulk_create(weights)
    Factor.objects.bulk_create(factors)
    return draft


def load(model: ScoringModel) -> engine.Model:
    """Return a published or retired version as the engine wants it. Two queries."""
    return engine.Model(
        version=model.pk,
        window=model.window,
        weights=tuple(_weight(weight) for weight in model.weights.order_by("event_type_id")),
        factors=tuple(_factor(factor) for factor in model.factors.order_by("pk")),
        bands=engine.Bands(
            disengaged_from=_hundredths(model.disengaged_from),
            disengaged_to=_hundredths(model.disengaged_to),
            somewhat_to=_hundredths(model.somewhat_to),
            highly_to=_hundredths(model.highly_to),
            yellow_from=_hundredths(model.yellow_from),
            green_from=_hundredths(model.green_from),
        ),
        least_coverage=model.least_coverage,
    )


def _weight(weight: Weight) -> engine.Weight:
    return engine.Weight(
        event_type=weight.event_type_id,
        points=_hundredths(weight.points),
        daily_cap=weight.daily_cap,
        decay=tuple(weight.decay),
        unit=weight.unit,
        per_contact=weight.per_contact,
        is_activity=weight.is_activity,
    )


def _factor(factor: Factor) -> engine.Factor:
    null_points = {
        NullRule.SKIP: None,
        NullRule.WORST: 0,
        NullRule.NEUTRAL: 5_000,
        NullRule.FIXED: _hundredths(factor.fixed_value or Decimal(0)),
    }
    return engine.Factor(
        kind=factor.kind,
        weight=factor.weight,
        worst=_hundredths(factor.worst),
        best=_hundredths(factor.best),
        null_points=null_points[NullRule(factor.null_rule)],
        max_age=factor.max_age,
    )


def _hundredths(amount: Decimal) -> int:
    return int(amount * 100)
