"""Versions of the scoring model: draft from an earlier one, publish, and load as the engine wants it."""

from datetime import datetime
from decimal import Decimal
from hashlib import blake2b
from operator import attrgetter

from django.db import transaction
from django.utils.translation import gettext as _

from core.db import bulk
from core.jobs import waking
from customers import segments
from scoring import engine
from scoring.models import Factor, NullRule, ScoringModel, Status, Weight
from staff.models import User

OF_EVENT_TYPE = ("is_activity", "is_key_action", "is_touch", "is_purchase")


class CannotPublish(Exception):
    """A draft that cannot be published; the message says what to do."""


@transaction.atomic
def publish(
    draft: ScoringModel, *, now: datetime, by: User | None, note: str = "", seen: str | None = None
) -> ScoringModel:
    """Make the draft the current version of its segment (or of everybody) and retire the one before.

    Copies what the weights take from event types and computes their decay, so that the version depends on
    nothing that can change. Everybody is rescored by the next pass. `seen`: the digest of what was looked at
    before. Raises CannotPublish.
    """
    draft = ScoringModel.objects.select_for_update().get(pk=draft.pk)
    refuse_unfit(draft)
    if seen is not None and seen != digest(load(draft)):
        raise CannotPublish(_("A colleague changed the draft in the meantime. Check it again, then publish."))
    _freeze_weights(draft)
    for retired in ScoringModel.objects.select_for_update().filter(status=Status.PUBLISHED, segment=draft.segment):
        retire(retired, now=now)
    draft.status, draft.published_at, draft.published_by = Status.PUBLISHED, now, by
    draft.note = note.strip() or draft.note
    draft.save(update_fields=["status", "published_at", "published_by", "note"])
    waking.after_commit("scoring.tasks.score_everyone")
    return draft


def refuse_unfit(draft: ScoringModel) -> None:
    """Raise CannotPublish for what is no draft, has no weight or no factor, or whose segment cannot have its own."""
    if draft.status != Status.DRAFT:
        raise CannotPublish(_("Version %(version)s was published before. Copy it to a draft.") % {"version": draft.pk})
    if not draft.weights.exists() or not draft.factors.exists():
        raise CannotPublish(_("Give the draft at least one weight and one health factor before you publish it."))
    if draft.segment and (fields := segments.asks_for_scores(draft.segment)):
        raise CannotPublish(
            _(
                "The segment “%(segment)s” asks for scores, or what they are made of (%(what)s). Use one that asks for"
                " fields and contracts only."
            )
            % {"segment": draft.segment, "what": ", ".join(fields)}
        )
    if draft.segment and ScoringModel.objects.current() is None:
        raise CannotPublish(_("Publish a model for all customers first."))


@transaction.atomic
def end(model: ScoringModel, *, now: datetime) -> None:
    """End a segment's model, if it did not end meanwhile: its customers are scored by the one for everybody."""
    held = ScoringModel.objects.select_for_update().get(pk=model.pk)
    if held.status == Status.PUBLISHED and held.segment_id is not None:
        retire(held, now=now)


@transaction.atomic
def delete(draft: ScoringModel) -> bool:
    """Delete a draft; return whether it still was one. Its back-tests stay, under its name."""
    held = ScoringModel.objects.select_for_update().filter(pk=draft.pk, status=Status.DRAFT).first()
    if held is not None:
        held.delete()
    return held is not None


def retire(model: ScoringModel, *, now: datetime) -> None:
    """Retire a published version; its row is locked."""
    model.status, model.retired_at = Status.RETIRED, now
    model.save(update_fields=["status", "retired_at"])


@transaction.atomic
def roll_back(model: ScoringModel, *, now: datetime, by: User | None, note: str) -> ScoringModel:
    """Publish an earlier version again, as a new version with the same numbers: the log stays one line."""
    return publish(draft_from(model, now=now), now=now, by=by, note=note)


def _freeze_weights(draft: ScoringModel) -> None:
    # Django's bulk_update writes a CASE per column with the decay tables as parameters: 30 ms where this needs 2.
    bulk.update(_frozen(draft), [*OF_EVENT_TYPE, "unit", "decay"])


def _frozen(draft: ScoringModel) -> list[Weight]:
    """Return the draft's weights with what publication copies into them, not saved. One query."""
    weights = list(draft.weights.select_related("event_type").order_by("event_type_id"))
    for weight in weights:
        for name in OF_EVENT_TYPE:
            setattr(weight, name, getattr(weight.event_type, name))
        weight.unit = None if weight.event_type.unit is None else int(weight.event_type.unit * 1000)
        weight.decay = engine.decay_table(weight.window or draft.window, weight.half_life or draft.half_life)
    return weights


@transaction.atomic
def draft_from(model: ScoringModel, *, now: datetime) -> ScoringModel:
    """Copy a version, whatever its status, to a new draft."""
    weights, factors = list(model.weights.all()), list(model.factors.all())
    draft = ScoringModel.objects.get(pk=model.pk)
    draft.pk, draft.status, draft.created_at = None, Status.DRAFT, now
    draft.published_at = draft.published_by = draft.retired_at = None
    draft.copied_from, draft.note = model.pk, ""  # a note says why a version exists: the copy has its own reason
    draft.save(force_insert=True)
    for copies in (weights, factors):
        for row in copies:
            row.pk, row.model = None, draft
    Weight.objects.bulk_create(weights)
    Factor.objects.bulk_create(factors)
    return draft


def digest(loaded: engine.Model) -> str:
    """Return a digest that differs once any number of the version was edited."""
    # repr of frozen dataclasses: every number is in it, also those of fields added later.
    return blake2b(repr(loaded).encode(), digest_size=8).hexdigest()


def load(model: ScoringModel) -> engine.Model:
    """Return a version as the engine wants it; a draft as it would be published now.

    Two queries; none for what was prefetched.
    """
    weights = _frozen(model) if model.status == Status.DRAFT else model.weights.all()
    return engine.Model(
        version=model.pk,
        window=model.window,
        weights=tuple(_weight(weight) for weight in sorted(weights, key=attrgetter("event_type_id"))),
        factors=tuple(_factor(factor) for factor in sorted(model.factors.all(), key=attrgetter("pk"))),
        bands=load_bands(model),
        least_coverage=model.least_coverage,
        least_history=model.least_history,
        new_days_trial=model.new_days_trial,
        new_days_active=model.new_days_active,
        unsent_is_unknown=model.unsent_is_unknown,
    )


def load_bands(model: ScoringModel) -> engine.Bands:
    return engine.Bands(
        disengaged_from=hundredths(model.disengaged_from),
        disengaged_to=hundredths(model.disengaged_to),
        somewhat_to=hundredths(model.somewhat_to),
        highly_to=hundredths(model.highly_to),
        yellow_from=hundredths(model.yellow_from),
        green_from=hundredths(model.green_from),
    )


def _weight(weight: Weight) -> engine.Weight:
    return engine.Weight(
        event_type=weight.event_type_id,
        points=hundredths(weight.points),
        daily_cap=weight.daily_cap,
        decay=tuple(weight.decay),
        unit=weight.unit,
        per_contact=weight.per_contact,
        is_activity=weight.is_activity,
        is_key_action=weight.is_key_action,
        is_touch=weight.is_touch,
        is_purchase=weight.is_purchase,
        is_grave=weight.is_grave,
    )


def _factor(factor: Factor) -> engine.Factor:
    null_points = {
        NullRule.SKIP: None,
        NullRule.WORST: 0,
        NullRule.NEUTRAL: 5_000,
        NullRule.FIXED: hundredths(factor.fixed_value or Decimal(0)),
    }
    return engine.Factor(
        kind=factor.kind,
        weight=factor.weight,
        worst=hundredths(factor.worst),
        best=hundredths(factor.best),
        null_points=null_points[NullRule(factor.null_rule)],
        max_age=factor.max_age,
        days=factor.days,
        name=factor.name,
        cap_from=None if factor.cap_from is None else hundredths(factor.cap_from),
        cap_to=hundredths(factor.cap_to or Decimal(0)),
        source=factor.source_id,
        silent_after=factor.silent_after or 0,
    )


def hundredths(amount: Decimal) -> int:
    # Exact: the columns have two decimals.
    return int(amount * 100)
