"""Columns in, scores out, and what stands between."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, NamedTuple, Protocol

import numpy as np

from scoring.engine import DECAY_ONE

NEVER = 0  # the ordinal that says: never
COUNT_COLUMNS = ("customer", "event_type", "day", "known_on", "count", "value_sum")
ACTIVE_COLUMNS = ("customer", "contact", "day", "known_on", "count")
LOG_COLUMNS = ("customer", "name", "known_on", "is_known", "number", "mark")  # name: its place in `BatchEngine.names`

ENGAGEMENT_BANDS = (
    "churn_risk", "gone_quiet", "very_disengaged", "somewhat_engaged", "highly_engaged", "power_user",
)  # fmt: skip
HEALTH_BANDS = ("red", "yellow", "green", "new")
UNKNOWN = -1  # the index of a band that is unknown
NEW = HEALTH_BANDS.index("new")  # in place of a band: health is not judged yet
NO_HEALTH = (UNKNOWN, NEW)


def is_judged(health_band: np.ndarray | int) -> np.ndarray:
    """Tell where there is a health: it is neither unknown nor not judged yet."""
    judged: np.ndarray = ~np.isin(health_band, NO_HEALTH)
    return judged


def nothing(names: tuple[str, ...]) -> np.ndarray:
    return np.empty(0, dtype=[(name, np.int64) for name in names])


@dataclass(frozen=True, slots=True)
class Columns:
    """What is known of some customers: rows in any order, counts with signs (`netting`).

    Then what is aligned with `customers`, NEVER for never.
    """

    customers: np.ndarray
    counts: np.ndarray
    actives: np.ndarray
    logged: np.ndarray
    last_active_day: np.ndarray
    last_touch_day: np.ndarray
    first_known: np.ndarray
    within_new_days: np.ndarray  # whether younger than the model's days for its stage
    silent: frozenset[str] = frozenset()  # keys of factors that nothing is sent for, for anybody


class Known(NamedTuple):
    """A value for each customer, and where it is known."""

    value: np.ndarray
    known: np.ndarray


class Additive(Protocol):
    """Σ quantity × decay of customers and weights, waiting for points."""

    def totals(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return each customer's engagement in hundredths, and whether anything contributed to it."""
        ...


@dataclass(frozen=True, slots=True)
class Sums:
    """Σ quantity × decay, never negative, and 10⁶ × the active contacts it is divided by: (customers, weights)."""

    decayed: np.ndarray
    divisor: np.ndarray

    def totals(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        contributions = self.contributions(points)
        return contributions.sum(axis=1), np.asarray(contributions.any(axis=1))

    def contributions(self, points: np.ndarray) -> np.ndarray:
        """Return contributions in hundredths, by customer and weight, rounded half away from zero.

        Dividing by one number is several times as fast as by an array, so only shared contributions are divided so.
        """
        x = self.decayed * np.abs(points)
        amount = (x + DECAY_ONE // 2) // DECAY_ONE
        shared = np.flatnonzero((self.divisor != DECAY_ONE).any(axis=0))
        if len(shared):
            by = self.divisor[:, shared]
            amount[:, shared] = (x[:, shared] + by // 2) // by
        amount *= np.sign(points)
        return amount


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a model judges, before points, factors and bands: those may change and be judged again."""

    customers: np.ndarray
    sums: Additive
    before: Mapping[int, Additive]  # days ago → the sums of that day, for trends
    inputs: Mapping[str, Known]  # a factor's key → hundredths; engagement and its trends are not among them
    silent: frozenset[str]
    last_active_day: np.ndarray
    quiet_days: np.ndarray  # since then; −1 for never
    days_known: np.ndarray
    override: Known
    is_new: np.ndarray
    flagged: np.ndarray
    digests: list[bytes]


class Row(NamedTuple):
    customer: int
    engagement: int | None
    engagement_band: str | None
    health: int | None
    health_band: str | None
    coverage: int
    last_active_on: date | None
    flagged: bool
    digest: bytes


@dataclass(frozen=True, slots=True)
class Scores:
    """One element per customer; engagement counts where its band is not UNKNOWN, health where it `is_judged`."""

    customers: np.ndarray
    engagement: np.ndarray
    engagement_band: np.ndarray
    health: np.ndarray
    health_band: np.ndarray
    coverage: np.ndarray
    last_active: np.ndarray
    flagged: np.ndarray
    digests: list[bytes]

    def only(self, mask: np.ndarray) -> "Scores":
        arrays: dict[str, Any] = {
            field.name: getattr(self, field.name)[mask] for field in fields(self) if field.name != "digests"
        }
        digests = [digest for digest, kept in zip(self.digests, mask.tolist(), strict=True) if kept]
        return replace(self, **arrays, digests=digests)

    def numbers(self) -> Iterator[tuple[int, int | None, int | None]]:
        """Yield customer, engagement and health; what is unknown is None."""
        for customer, engagement, band, health, colour in zip(
            self.customers.tolist(),
            self.engagement.tolist(),
            self.engagement_band.tolist(),
            self.health.tolist(),
            self.health_band.tolist(),
            strict=True,
        ):
            yield customer, None if band == UNKNOWN else engagement, None if colour in NO_HEALTH else health

    def rows(self) -> Iterator[Row]:
        """Yield the scores as the tables hold them; what is unknown is None."""
        for customer, engagement, band, health, colour, coverage, last, flagged, digest in zip(
            self.customers.tolist(),
            self.engagement.tolist(),
            self.engagement_band.tolist(),
            self.health.tolist(),
            self.health_band.tolist(),
            self.coverage.tolist(),
            self.last_active.tolist(),
            self.flagged.tolist(),
            self.digests,
            strict=True,
        ):
            yield Row(
                customer,
                None if band == UNKNOWN else engagement,
                None if band == UNKNOWN else ENGAGEMENT_BANDS[band],
                None if colour in NO_HEALTH else health,
                None if colour == UNKNOWN else HEALTH_BANDS[colour],
                coverage,
                None if last == NEVER else date.fromordinal(last),
                flagged,
                digest,
            )
