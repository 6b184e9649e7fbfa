"""The base judged by a draft, or by a try: the arithmetic of every other score, from facts gathered before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.vectorised import BatchEngine
from scoring.what_if.base import Bands, Part


@dataclass(frozen=True, slots=True)
class Judged:
    """Customers in order of their parts, with what they have before and after. Versions: 0 is the draft, or none."""

    customers: np.ndarray
    before: Bands
    after: Bands
    version_before: np.ndarray
    version_after: np.ndarray

    def only(self, mask: np.ndarray) -> "Judged":
        return Judged(
            self.customers[mask],
            Bands(*(array[mask] for array in self.before)),
            Bands(*(array[mask] for array in self.after)),
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
        after=_bands(after),
        version_before=np.repeat(np.array([part.version_before or 0 for part in parts], dtype=np.int64), sizes),
        version_after=np.repeat(np.array([part.version_after or 0 for part in parts], dtype=np.int64), sizes),
    )


def _after(part: Part, batch_engine: BatchEngine) -> Bands:
    if part.facts is None:
        assert part.after is not None
        return part.after
    scores = batch_engine.judge(part.facts.unfold(part.customers))
    return Bands(scores.engagement, scores.engagement_band, scores.health, scores.health_band)


def _bands(parts: Sequence[Bands]) -> Bands:
    return Bands(*(_joined(getattr(part, name) for part in parts) for name in Bands._fields))


def _joined(arrays: Iterable[np.ndarray]) -> np.ndarray:
    found = list(arrays)
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
