"""A base judged: what each customer's scores and risk are before and after publishing a draft, or a try of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring.risk.danger import are_in_danger
from scoring.vectorised import BatchEngine, Known, is_judged
from scoring.what_if.base import Bands, Part


@dataclass(frozen=True)
class Judged:
    """Customers in order of their parts, with what they have before and after. Versions: 0 is the draft, or none.

    What is `earlier` is health FALL_DAYS before: at risk is who is it on the day, by the fall its own version sees.
    """

    customers: np.ndarray
    before: Bands
    after: Bands
    before_earlier: Known
    after_earlier: Known
    version_before: np.ndarray
    version_after: np.ndarray

    @cached_property
    def at_risk_before(self) -> np.ndarray:
        return _at_risk(self.before, self.before_earlier)

    @cached_property
    def at_risk_after(self) -> np.ndarray:
        return _at_risk(self.after, self.after_earlier)

    def only(self, mask: np.ndarray) -> "Judged":
        return Judged(
            self.customers[mask],
            Bands(*(array[mask] for array in self.before)),
            Bands(*(array[mask] for array in self.after)),
            Known(*(array[mask] for array in self.before_earlier)),
            Known(*(array[mask] for array in self.after_earlier)),
            self.version_before[mask],
            self.version_after[mask],
        )


def judge(parts: Sequence[Part], batch_engine: BatchEngine) -> Judged:
    """Score all parts with a model of the base's structure."""
    after = [_after(part, batch_engine) for part in parts]
    sizes = [len(part.customers) for part in parts]
    return Judged(
        customers=_joined(part.customers for part in parts),
        before=_bands([part.before for part in parts]),
        after=_bands([bands for bands, _ in after]),
        before_earlier=_known([part.before_earlier for part in parts]),
        after_earlier=_known([earlier for _, earlier in after]),
        version_before=np.repeat(np.array([part.version_before or 0 for part in parts], dtype=np.int64), sizes),
        version_after=np.repeat(np.array([part.version_after or 0 for part in parts], dtype=np.int64), sizes),
    )


def _after(part: Part, batch_engine: BatchEngine) -> tuple[Bands, Known]:
    """Return what the day comes to after the publication, and the health of FALL_DAYS before."""
    if part.facts is None or part.facts_earlier is None:
        assert part.after is not None
        assert part.after_earlier is not None
        return part.after, part.after_earlier
    scores = batch_engine.judge(part.facts.unfold(part.customers))
    earlier = batch_engine.judge(part.facts_earlier.unfold(part.customers))
    return (
        Bands(scores.engagement, scores.engagement_band, scores.health, scores.health_band),
        Known(earlier.health, part.there & is_judged(earlier.health_band)),
    )


def _at_risk(bands: Bands, health_before: Known) -> np.ndarray:
    return are_in_danger(bands.engagement_band, bands.health, bands.health_band, health_before)


def _known(parts: Sequence[Known]) -> Known:
    return Known(_joined(part.value for part in parts), _joined(part.known for part in parts).astype(bool))


def _bands(parts: Sequence[Bands]) -> Bands:
    return Bands(*(_joined(getattr(part, name) for part in parts) for name in Bands._fields))


def _joined(arrays: Iterable[np.ndarray]) -> np.ndarray:
    present = list(arrays)
    return np.concatenate(present) if present else np.zeros(0, dtype=np.int64)
