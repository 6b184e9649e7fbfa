"""The arithmetic of `scoring.engine` for many customers at once, on int64 columns, bit for bit the same.

Shapes: `customers` is a sorted array of ids; results are aligned with it. Days are proleptic ordinals.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from scoring import engine
from scoring.engine import DECAY_ONE, POINT, VALUE_LIMIT

NEVER = 0  # the ordinal that says: never active
COUNT_COLUMNS = ("customer", "event_type", "day", "known_on", "count", "value_sum")
ACTIVE_COLUMNS = ("customer", "contact", "day", "known_on")

ENGAGEMENT_BANDS = (
    "churn_risk", "gone_quiet", "very_disengaged", "somewhat_engaged", "highly_engaged", "power_user",
)  # fmt: skip
HEALTH_BANDS = ("red", "yellow", "green")
UNKNOWN = -1  # the index of a band that is unknown


class Row(NamedTuple):
    customer: int
    engagement: int | None
    engagement_band: str | None
    health: int | None
    health_band: str | None
    coverage: int
    last_active_on: date | None
    digest: bytes


@dataclass(frozen=True, slots=True)
class Scores:
    """One element per customer; engagement and health count only where their band is not UNKNOWN."""

    customers: np.ndarray
    engagement: np.ndarray
    engagement_band: np.ndarray
    health: np.ndarray
    health_band: np.ndarray
    coverage: np.ndarray
    last_active: np.ndarray
    digests: list[bytes]

    def only(self, mask: np.ndarray) -> "Scores":
        digests = [digest for digest, kept in zip(self.digests, mask.tolist(), strict=True) if kept]
        return Scores(
            self.customers[mask],
            self.engagement[mask],
            self.engagement_band[mask],
            self.health[mask],
            self.health_band[mask],
            self.coverage[mask],
            self.last_active[mask],
            digests,
        )

    def rows(self) -> Iterator[Row]:
        """Yield the scores as the tables hold them; what is unknown is None."""
        for customer, engagement, band, health, colour, coverage, last, digest in zip(
            self.customers.tolist(),
            self.engagement.tolist(),
            self.engagement_band.tolist(),
            self.health.tolist(),
            self.health_band.tolist(),
            self.coverage.tolist(),
            self.last_active.tolist(),
            self.digests,
            strict=True,
        ):
            yield Row(
                customer,
                None if band == UNKNOWN else engagement,
                None if band == UNKNOWN else ENGAGEMENT_BANDS[band],
                None if colour == UNKNOWN else health,
                None if colour == UNKNOWN else HEALTH_BANDS[colour],
                coverage,
                None if last == NEVER else date.fromordinal(last),
                digest,
            )


class Arithmetic:
    """A model's weights and factors as arrays, built once for many days and shards."""

    def __init__(self, model: engine.Model) -> None:
        self.model = model
        self.weights = model.weights
        self.points = _array([w.points for w in model.weights])
        self.caps = _array([w.daily_cap for w in model.weights])
        self.units = _array([w.unit or 0 for w in model.weights])
        self.windows = _array([w.window for w in model.weights])
        self.decay = np.zeros((len(model.weights), model.longest_window), dtype=np.int64)
        for i, weight in enumerate(model.weights):
            self.decay[i, : weight.window] = weight.decay
        self.event_types = _array([w.event_type for w in model.weights])  # ascending: `versions.load` sorts
        self.contact_windows = sorted({w.window for w in model.weights if w.per_contact})

    def score(
        self,
        customers: np.ndarray,
        counts: np.ndarray,
        actives: np.ndarray,
        ever_active: np.ndarray,
        *,
        as_of: int,
        known_on: int,
    ) -> Scores:
        """Score customers at the close of `as_of`, as known at the close of `known_on`.

        `counts` and `actives` in any order, of these customers only. `ever_active` is aligned with `customers`.
        """
        days = self._days(customers, counts, as_of, known_on)
        contacts = self._contacts(customers, actives, as_of, known_on)
        contributions = self._contributions(len(customers), days, contacts)
        total = contributions.sum(axis=1)
        never = ever_active == NEVER
        no_data = never & ~contributions.any(axis=1)
        quiet = ~never & (as_of - ever_active >= self.model.window)
        band = np.where(no_data, UNKNOWN, self._engagement_bands(total, quiet))
        health, health_band, coverage = self._health(
            {
                "engagement": (np.where(no_data, 0, total), ~no_data),
                "days_since_activity": ((as_of - ever_active) * 100, ~never),
            },
            len(customers),
        )
        digests = self._digests(customers, days, contacts, ever_active, as_of, known_on)
        engagement = np.where(no_data, 0, total)
        return Scores(customers, engagement, band, health, health_band, coverage, ever_active, digests)

    def _days(self, customers: np.ndarray, counts: np.ndarray, as_of: int, known_on: int) -> np.ndarray:
        """Return one row per (customer, weight, age) inside the weight's window, summed over known_on."""
        weight = np.searchsorted(self.event_types, counts["event_type"])
        weight[weight == len(self.event_types)] = 0
        age = as_of - counts["day"]
        keep = (counts["known_on"] <= known_on) & (age >= 0)
        if len(self.event_types):
            keep &= (self.event_types[weight] == counts["event_type"]) & (age < self.windows[weight])
        else:
            keep[:] = False
        counts, weight, age = counts[keep], weight[keep], age[keep]
        customer = np.searchsorted(customers, counts["customer"])
        key = (customer * max(1, len(self.weights)) + weight) * (self.model.longest_window + 1) + age
        order = np.argsort(key, kind="stable")
        first = np.flatnonzero(np.diff(key[order], prepend=-1))
        days = np.empty(len(first), dtype=[(n, np.int64) for n in ("customer", "weight", "age", "count", "value_sum")])
        days["customer"], days["weight"], days["age"] = (c[order][first] for c in (customer, weight, age))
        days["count"] = _summed(counts["count"][order], first)
        days["value_sum"] = _summed(counts["value_sum"][order], first)
        return days

    def _contacts(self, customers: np.ndarray, actives: np.ndarray, as_of: int, known_on: int) -> np.ndarray:
        """Return the number of active contacts, by customer and by each window that asks for it."""
        contacts = np.zeros((len(customers), len(self.contact_windows)), dtype=np.int64)
        for i, window in enumerate(self.contact_windows):
            age = as_of - actives["day"]
            within = actives[(actives["known_on"] <= known_on) & (age >= 0) & (age < window)]
            pairs = np.unique(within[["customer", "contact"]])
            np.add.at(contacts[:, i], np.searchsorted(customers, pairs["customer"]), 1)
        return contacts

    def _contributions(self, size: int, days: np.ndarray, contacts: np.ndarray) -> np.ndarray:
        """Return contributions in hundredths, by customer and weight."""
        unit = self.units[days["weight"]]
        value = days["value_sum"]
        whole = np.where(unit == 0, days["count"], np.sign(value) * (np.abs(value) // np.maximum(unit, 1)))
        quantity = np.clip(whole, 0, self.caps[days["weight"]])
        decayed = np.zeros((size, len(self.weights)), dtype=np.int64)
        place = (days["customer"], days["weight"])
        np.add.at(decayed, place, quantity * self.decay[days["weight"], days["age"]])
        divisor = np.full((size, len(self.weights)), DECAY_ONE, dtype=np.int64)
        for i, weight in enumerate(self.weights):
            if weight.per_contact:
                divisor[:, i] *= np.maximum(1, contacts[:, self.contact_windows.index(weight.window)])
        x = decayed * self.points
        return np.sign(x) * ((np.abs(x) + divisor // 2) // divisor)

    def _engagement_bands(self, total: np.ndarray, quiet: np.ndarray) -> np.ndarray:
        bands = self.model.bands
        conditions = [
            total < bands.disengaged_from,
            quiet,
            total <= bands.disengaged_to,
            total <= bands.somewhat_to,
            total <= bands.highly_to,
        ]
        return np.select(conditions, range(5), default=5)

    def _health(
        self, inputs: dict[str, tuple[np.ndarray, np.ndarray]], size: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return health in hundredths, its band's index and coverage; an input is (values, where known)."""
        weighted, counted, fresh = (np.zeros(size, dtype=np.int64) for _ in range(3))
        nobody = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool)
        for factor in self.model.factors:
            values, known = inputs.get(factor.kind, nobody)
            points = np.where(known, _factor_points(factor, values), (factor.null_points or 0) * (POINT // 100))
            counts = known | (factor.null_points is not None)
            weighted += np.where(counts, factor.weight * points, 0)
            counted += np.where(counts, factor.weight, 0)
            fresh += np.where(known, factor.weight, 0)
        everything = sum(factor.weight for factor in self.model.factors)
        unknown = (fresh == 0) | (fresh * 100 < self.model.least_coverage * everything)
        whole = np.maximum(counted, 1) * (POINT // 100)
        health = np.where(unknown, 0, (2 * weighted + whole) // (2 * whole))
        bands = self.model.bands
        band = np.select([unknown, health < bands.yellow_from, health < bands.green_from], [UNKNOWN, 0, 1], default=2)
        return health, band, fresh * 10_000 // max(1, everything)

    def _digests(
        self,
        customers: np.ndarray,
        days: np.ndarray,
        contacts: np.ndarray,
        ever_active: np.ndarray,
        as_of: int,
        known_on: int,
    ) -> list[bytes]:
        """Return a 16-byte digest of what each score was made of: version, days, counts, contacts."""
        rows = days.copy()
        rows["customer"] = 0
        rows["weight"] = self.event_types[days["weight"]] if len(days) else 0
        body = rows.tobytes()
        ends = np.searchsorted(days["customer"], np.arange(len(customers)), side="right") * rows.itemsize
        head = _array([self.model.version, as_of, known_on]).tobytes()
        tails = np.column_stack([ever_active, contacts]).astype(np.int64)
        digests, start = [], 0
        for end, tail in zip(ends.tolist(), tails, strict=True):
            digests.append(blake2b(head + tail.tobytes() + body[start:end], digest_size=16).digest())
            start = end
        return digests


def _array(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def _summed(values: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Add up each run of values, clamped to ±VALUE_LIMIT; in Python's integers where int64 might overflow."""
    if not len(first):
        return np.zeros(0, dtype=np.int64)
    longest = int(np.diff(first, append=len(values)).max())
    if int(np.abs(values).max()) > VALUE_LIMIT // longest:
        exact = np.add.reduceat(values.astype(object), first)
        return np.array([max(-VALUE_LIMIT, min(VALUE_LIMIT, one)) for one in exact], dtype=np.int64)
    return np.add.reduceat(values, first)


def _factor_points(factor: engine.Factor, values: np.ndarray) -> np.ndarray:
    span = abs(factor.best - factor.worst)
    # Inputs are brought near the span first, so that the difference cannot overflow.
    low, high = min(factor.worst, factor.best), max(factor.worst, factor.best)
    near = np.clip(values, low, high)
    way = near - factor.worst if factor.best > factor.worst else factor.worst - near
    return (2 * way * 100 * POINT + span) // (2 * span)
