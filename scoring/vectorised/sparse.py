"""Sums of which only what is not zero is kept: a customer does a few of the many things that are weighed."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scoring.engine import DECAY_ONE
from scoring.vectorised.shapes import Sums


@dataclass(frozen=True, slots=True)
class Sparse:
    """`counts` sums of each customer, one after the other: of which weight, and how much; unsigned, as narrow as fits.

    `shared` are the places of those that are divided among several active contacts, `among` how many.
    """

    counts: np.ndarray
    weight: np.ndarray
    decayed: np.ndarray
    shared: np.ndarray
    among: np.ndarray

    def totals(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the same bits as `Sums.totals`."""
        total = np.zeros(len(self.counts), dtype=np.int64)
        contributed = np.zeros(len(self.counts), dtype=bool)
        who = np.flatnonzero(self.counts)
        if len(who):
            contributions = self._contributions(points)
            first = np.cumsum(self.counts[who], dtype=np.int64) - self.counts[who]
            total[who] = np.add.reduceat(contributions, first)
            contributed[who] = np.logical_or.reduceat(contributions != 0, first)
        return total, contributed

    def _contributions(self, points: np.ndarray) -> np.ndarray:
        # In place from here: the arrays hold a whole portfolio.
        amount = np.abs(points)[self.weight]
        amount *= self.decayed.astype(np.int64)
        shared = amount[self.shared]
        amount += DECAY_ONE // 2
        amount //= DECAY_ONE
        if len(shared):
            by = DECAY_ONE * self.among.astype(np.int64)
            amount[self.shared] = (shared + by // 2) // by
        amount *= np.sign(points)[self.weight]
        return amount

    def arrays(self) -> dict[str, np.ndarray]:
        return {name: getattr(self, name) for name in ("counts", "weight", "decayed", "shared", "among")}


def to_sparse(sums: Sums) -> Sparse:
    """Return the same sums without the zeros, in the narrowest types."""
    who, weight = np.nonzero(sums.decayed)
    among = sums.divisor[who, weight] // DECAY_ONE
    # One contact divides nothing, as in `Sums.contributions`.
    shared = np.flatnonzero(among > 1)
    return Sparse(
        counts=narrow(np.bincount(who, minlength=len(sums.decayed))),
        weight=narrow(weight),
        decayed=narrow(sums.decayed[who, weight]),
        shared=narrow(shared),
        among=narrow(among[shared]),
    )


def from_arrays(arrays: Mapping[str, np.ndarray]) -> Sparse:
    return Sparse(**arrays)


def narrow(values: np.ndarray) -> np.ndarray:
    """Return whole numbers in the narrowest type that holds them all."""
    if not len(values):
        return values.astype(np.uint8)
    narrowest = np.promote_types(np.min_scalar_type(values.min()), np.min_scalar_type(values.max()))
    return values.astype(narrowest if narrowest.kind in "iub" else np.int64)
