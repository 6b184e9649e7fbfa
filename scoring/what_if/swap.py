"""A draft in the place of the version it would retire: who is scored by which version before and after.

Models of one *structure* (window, event types, caps, factors' inputs) are judged from the same facts: they differ in
points, weights and bands alone.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from hashlib import blake2b

from django.utils.translation import gettext as _

from scoring import engine
from scoring.model_versions import versions
from scoring.model_versions.assigned import Assigned, choosing
from scoring.models import ScoringModel
from scoring.vectorised import BatchEngine

FORMAT = 2  # of what is prepared: what an earlier program made is not read


class NoAnswer(Exception):
    """What-if cannot be asked of this version; the message says why."""


Half = tuple[BatchEngine | None, list[int]]


@dataclass(frozen=True)
class Swap:
    """A draft in the place of the version it would retire, on a closed day. Loaded once, for many customers."""

    draft: ScoringModel
    day: date
    was: Assigned | None  # None before the first publication
    becomes: Assigned
    key: str  # of everything the base depends on

    @cached_property
    def model(self) -> BatchEngine:
        return BatchEngine(versions.load(self.draft))

    @cached_property
    def bare(self) -> BatchEngine:
        """The draft as far as facts depend on it."""
        return BatchEngine(bare_model(self.model.model))

    def is_draft(self, batch_engine: BatchEngine) -> bool:
        return batch_engine.model.version == self.draft.pk

    def shares_facts(self, batch_engine: BatchEngine) -> bool:
        return self.is_draft(batch_engine) or structure_digest(batch_engine.model) == structure_digest(self.model.model)

    def halves(self, customers: Sequence[int]) -> Iterator[tuple[BatchEngine | None, BatchEngine, list[int]]]:
        """Split customers by the versions that score them before and after; those who keep theirs are left out."""
        was: list[Half] = [*self.was.parts(customers)] if self.was else [(None, list(customers))]
        becomes = [(after, set(part)) for after, part in self.becomes.parts(customers)]
        for before, part in was:
            for after, others in becomes:
                both = sorted(others.intersection(part))
                stays = before is not None and before.model.version == after.model.version
                if both and not stays:
                    yield before, after, both

    def version(self, number: int) -> BatchEngine:
        """Return a published version that takes part, before or after."""
        every = [*self.becomes.every(), *(self.was.every() if self.was else ())]
        return next(engine for engine in every if engine.model.version == number)


def load_swap(draft: ScoringModel, day: date) -> Swap:
    """Load the draft and the published versions. Raises NoAnswer for a version that cannot be published as it is."""
    try:
        versions.refuse_unfit(draft)
    except versions.CannotPublish as refusal:
        raise NoAnswer(str(refusal)) from None
    everybody = ScoringModel.objects.current()
    of_segments = choosing(ScoringModel.objects.of_segments())
    was = None if everybody is None else Assigned(everybody, of_segments)
    if draft.segment is None:
        becomes = Assigned(draft, of_segments)
    else:
        if everybody is None:
            raise NoAnswer(_("Publish a model for all customers first."))
        others = [model for model in of_segments if model.segment_id != draft.segment_id]
        ordered = sorted([*others, draft], key=lambda model: (model.precedence, model.pk))
        becomes = Assigned(everybody, ordered)
    return Swap(draft, day, was, becomes, _base_key(draft, day, [everybody, *of_segments]))


def _base_key(draft: ScoringModel, day: date, published: Sequence[ScoringModel | None]) -> str:
    parts = {
        "format": FORMAT,
        "structure": structure_digest(versions.load(draft)),
        "day": day.isoformat(),
        "published": [None if model is None else [model.pk, *_place(model)] for model in published],
        "draft": _place(draft),
    }
    return blake2b(json.dumps(parts, sort_keys=True).encode(), digest_size=16).hexdigest()


def _place(model: ScoringModel) -> list[object]:
    """Return what decides which customers a version scores."""
    segment = model.segment
    return [] if segment is None else [segment.pk, model.precedence, segment.query]


def bare_model(model: engine.Model) -> engine.Model:
    """Return the model without all that may change and be judged again: points, weights, spans, rules, bands.

    Since when a customer is known is always gathered, so that "least history" may change as well.
    """
    factors = [
        replace(factor, weight=1, worst=0, best=1, null_points=None, cap_from=None, cap_to=0)
        for factor in model.factors
    ]
    return engine.Model(
        version=0,
        window=model.window,
        weights=tuple(replace(weight, points=0) for weight in model.weights),
        factors=tuple(sorted(factors, key=lambda factor: factor.key)),
        bands=engine.Bands(0, 0, 0, 0, 0, 0),
        least_coverage=0,
        least_history=1,
        new_days_trial=model.new_days_trial,
        new_days_active=model.new_days_active,
        unsent_is_unknown=model.unsent_is_unknown,
    )


def structure_digest(model: engine.Model) -> str:
    return blake2b(repr(bare_model(model)).encode(), digest_size=16).hexdigest()
