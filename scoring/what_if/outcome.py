"""Before and after: how the bands are filled, what moves between them, and who."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

import numpy as np

from scoring.vectorised import ENGAGEMENT_BANDS, HEALTH_BANDS, UNKNOWN
from scoring.what_if.base import Bands
from scoring.what_if.judging import Judged
from scoring.what_if.portfolio import NO_VALUE

NAMES = {"health_band": HEALTH_BANDS, "engagement_band": ENGAGEMENT_BANDS}
RED = HEALTH_BANDS.index("red")


class Which(StrEnum):
    """Which changes of bands to list."""

    ALL = ""
    RED = "red"
    WORSE = "worse"
    BETTER = "better"
    UNKNOWN = "unknown"
    ENGAGEMENT = "engagement"


@dataclass(frozen=True, slots=True)
class Sum:
    """So many customers, and what they are worth a month in BASE_CURRENCY; those of unknown value count as 0."""

    customers: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Filled:
    """A band before and after; `band` is None for unknown."""

    band: str | None
    before: Sum
    after: Sum

    @property
    def difference(self) -> int:
        return self.after.customers - self.before.customers


@dataclass(frozen=True, slots=True)
class Flow:
    """Who goes from one band to another."""

    before: str | None
    after: str | None
    moved: Sum


@dataclass(frozen=True)
class Outcome:
    """The judged customers whom somebody may see, each with its owner (0: none) and cents a month (−1: unknown)."""

    judged: Judged
    owner: np.ndarray
    cents: np.ndarray

    @cached_property
    def count(self) -> int:
        return len(self.judged.customers)

    @cached_property
    def changed(self) -> np.ndarray:
        return self._differs("health_band") | self._differs("engagement_band")

    def filled(self, kind: str) -> list[Filled]:
        """Return each band, the worst first, unknown last."""
        before, after = (self._sums(getattr(side, kind), len(NAMES[kind])) for side in self._sides)
        names = (*NAMES[kind], None)
        return [Filled(*row) for row in zip(names, before, after, strict=True)]

    def flows(self, kind: str) -> list[Flow]:
        """Return what moves between two bands, the most revenue first."""
        names = (*NAMES[kind], None)
        width = len(names)
        before, after = (getattr(side, kind).astype(np.int64) % width for side in self._sides)
        differs = before != after
        sums = self._sums((before * width + after)[differs], width * width, self.cents[differs])
        flows = [Flow(names[i // width], names[i % width], one) for i, one in enumerate(sums) if one.customers]
        return sorted(flows, key=lambda flow: (-flow.moved.value, -flow.moved.customers))

    def sum_of(self, which: Which) -> Sum:
        mask = self.mask(which)
        return self._sum(self.cents[mask])

    def mask(self, which: Which) -> np.ndarray:
        before, after = (side.health_band for side in self._sides)
        known = (before != UNKNOWN) & (after != UNKNOWN)
        masks = {
            Which.ALL: lambda: self.changed,
            Which.RED: lambda: (after == RED) & (before != RED),
            Which.WORSE: lambda: known & (after < before),
            Which.BETTER: lambda: known & (after > before),
            Which.UNKNOWN: lambda: (before == UNKNOWN) != (after == UNKNOWN),
            Which.ENGAGEMENT: lambda: self._differs("engagement_band"),
        }
        return masks[which]()

    def changes(self, which: Which = Which.ALL, owner: int | None = None) -> np.ndarray:
        """Return the places of those who change, who turn red first, then the others by revenue."""
        mask = self.mask(which)
        if owner is not None:
            mask = mask & (self.owner == owner)
        found = np.flatnonzero(mask)
        rank = np.select([self.mask(one)[found] for one in _FIRST], range(len(_FIRST)), default=len(_FIRST))
        order: np.ndarray = found[np.lexsort((self.judged.customers[found], -self.cents[found], rank))]
        return order

    def owners(self) -> set[int]:
        """Return whose customers change."""
        return set(np.unique(self.owner[self.changed]).tolist()) - {0}

    @property
    def _sides(self) -> Iterator[Bands]:
        yield from (self.judged.before, self.judged.after)

    def _differs(self, kind: str) -> np.ndarray:
        before, after = (getattr(side, kind) for side in self._sides)
        differs: np.ndarray = before != after
        return differs

    def _sums(self, place: np.ndarray, width: int, cents: np.ndarray | None = None) -> list[Sum]:
        cents = self.cents if cents is None else cents
        place = np.where(place == UNKNOWN, width, place)
        counts = np.bincount(place, minlength=width + 1)
        worth = np.zeros(len(counts), dtype=np.int64)
        np.add.at(worth, place, np.where(cents == NO_VALUE, 0, cents))
        return [Sum(int(n), Decimal(int(w)) / 100) for n, w in zip(counts, worth, strict=True)]

    @staticmethod
    def _sum(cents: np.ndarray) -> Sum:
        return Sum(len(cents), Decimal(int(cents[cents != NO_VALUE].sum())) / 100)


_FIRST = (Which.RED, Which.WORSE, Which.UNKNOWN, Which.BETTER)


def seen(judged: Judged, portfolio: np.ndarray) -> Outcome:
    """Keep the customers in the portfolio."""
    place = np.searchsorted(portfolio["customer"], judged.customers)
    place = np.minimum(place, max(0, len(portfolio) - 1))
    there = (
        portfolio["customer"][place] == judged.customers
        if len(portfolio)
        else np.zeros(len(judged.customers), dtype=bool)
    )
    mine = portfolio[place[there]] if len(portfolio) else portfolio
    return Outcome(judged.only(there), mine["owner"], mine["cents"])
