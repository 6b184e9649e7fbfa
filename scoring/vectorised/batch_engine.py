"""A model on columns: facts first, which depend on windows, caps and days; then the judgement, which is quick."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b

import numpy as np

from scoring import engine
from scoring.engine import POINT, log_name
from scoring.engine.inputs import OVERRIDE
from scoring.vectorised.day_columns import DayColumns
from scoring.vectorised.factor_columns import FromColumns, FromEngagement
from scoring.vectorised.factors import COLUMNS
from scoring.vectorised.netting import netted
from scoring.vectorised.shapes import NEVER, NEW, UNKNOWN, Columns, Facts, Known, Scores, Sums
from scoring.vectorised.sums import Counting, integers

HUNDREDTH = POINT // 100


class BatchEngine:
    """A model, ready for many days and shards."""

    def __init__(self, model: engine.Model) -> None:
        self.model = model
        self.weights = model.weights
        self.points = integers([w.points for w in model.weights])
        self.counting = Counting(model)
        self.event_types = self.counting.event_types
        # In a fixed order: a row of the log names an input by its place in this tuple.
        names = {log_name(factor) for factor in model.factors} - {None}
        self.names: tuple[str, ...] = tuple(sorted({OVERRIDE, *map(str, names)}))
        self.reach = engine.reach(model)
        self.trend_days = engine.trend_days(model)
        self.contact_days = engine.contact_days(model)

    def score(self, columns: Columns, *, as_of: int, known_on: int) -> Scores:
        """Score customers at the close of `as_of`, as known at the close of `known_on`."""
        return self.judge(self.facts(columns, as_of=as_of, known_on=known_on))

    def facts(self, columns: Columns, *, as_of: int, known_on: int, digests: bool = True) -> Facts:
        """Gather what the day's scores are judged by. Without `digests`, they are empty."""
        columns = netted(columns, known_on)
        days = self.counting.days(columns, as_of, known_on)
        contacts = self.counting.contacts(columns, as_of, known_on)
        day = DayColumns(self.model, self.names, columns, as_of, known_on)
        first = columns.first_known
        override = day.override()
        facts = Facts(
            customers=columns.customers,
            sums=self.counting.sums(columns, days, contacts),
            before={ago: self._sums_on(columns, as_of - ago, known_on) for ago in self.trend_days},
            inputs=self._inputs(day),
            silent=columns.silent,
            last_active_day=columns.last_active_day,
            quiet_days=np.where(columns.last_active_day == NEVER, -1, as_of - columns.last_active_day),
            days_known=np.where(first == NEVER, 0, np.maximum(0, as_of - first + 1)),
            override=override,
            is_new=columns.within_new_days & ~override.known & ~self.counting.has_grave(len(first), days),
            flagged=day.flagged(),
            digests=[b""] * len(columns.customers),
        )
        return replace(facts, digests=self._digests(facts, days, contacts, as_of, known_on)) if digests else facts

    def judge(self, facts: Facts) -> Scores:
        """Score from facts that were gathered for a model with the same weights but for points, and the same inputs."""
        total, contributed = facts.sums.totals(self.points)
        never = facts.quiet_days < 0
        no_data = never & ~contributed
        quiet = facts.quiet_days >= self.model.window
        band = np.where(no_data, UNKNOWN, self._engagement_bands(total, quiet))
        engagement = np.where(no_data, 0, total)
        health, health_band, coverage = self._health(facts, self.inputs(facts, Known(engagement, ~no_data)))
        return Scores(
            customers=facts.customers,
            engagement=engagement,
            engagement_band=band,
            health=health,
            health_band=health_band,
            coverage=coverage,
            last_active=facts.last_active_day,
            flagged=facts.flagged,
            digests=facts.digests,
        )

    def inputs(self, facts: Facts, engagement: Known) -> dict[str, Known]:
        """Return what every factor reads, by its key, in hundredths."""
        inputs = dict(facts.inputs)
        for factor in self.model.factors:
            columns = COLUMNS[factor.kind]
            if isinstance(columns, FromEngagement):
                inputs[factor.key] = columns.read(facts, engagement, self.points, factor)
            if factor.key in facts.silent:
                inputs[factor.key] = Known(inputs[factor.key].value, np.zeros(len(facts.customers), dtype=bool))
        return inputs

    def judged(self, inputs: dict[str, Known]) -> Iterator[tuple[engine.Factor, np.ndarray, np.ndarray]]:
        """Yield each factor with the points of its inputs, in millionths, and where they count."""
        for factor in self.model.factors:
            values, known = inputs[factor.key]
            points = np.where(known, factor_points(factor, values), (factor.null_points or 0) * HUNDREDTH)
            yield factor, points, known | (factor.null_points is not None)

    def _inputs(self, day: DayColumns) -> dict[str, Known]:
        """Read the inputs that do not depend on points, by the factors' keys."""
        inputs = {}
        for factor in self.model.factors:
            columns = COLUMNS[factor.kind]
            if isinstance(columns, FromColumns):
                is_silent = factor.key in day.columns.silent
                inputs[factor.key] = day.unknown() if is_silent else columns.read(day, factor)
        return inputs

    def _sums_on(self, columns: Columns, day: int, known_on: int) -> Sums:
        days = self.counting.days(columns, day, known_on)
        return self.counting.sums(columns, days, self.counting.contacts(columns, day, known_on))

    def _engagement_bands(self, total: np.ndarray, quiet: np.ndarray) -> np.ndarray:
        bands = self.model.bands
        # In this order: a sum below zero is churn risk, also of a customer that has gone quiet.
        conditions = [
            total < bands.disengaged_from,
            quiet,
            total <= bands.disengaged_to,
            total <= bands.somewhat_to,
            total <= bands.highly_to,
        ]
        return np.select(conditions, range(5), default=5)

    def _health(self, facts: Facts, inputs: dict[str, Known]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return health in hundredths, its band's index and coverage."""
        size = len(facts.customers)
        weighted, counted, fresh = (np.zeros(size, dtype=np.int64) for _ in range(3))
        cap = np.full(size, 10_000, dtype=np.int64)
        for factor, points, counts in self.judged(inputs):
            known = inputs[factor.key].known
            weighted += np.where(counts, factor.weight * points, 0)
            counted += np.where(counts, factor.weight, 0)
            fresh += np.where(known, factor.weight, 0)
            if factor.cap_from is not None:
                capping = known & (points <= factor.cap_from * HUNDREDTH)
                cap = np.where(capping, np.minimum(cap, factor.cap_to), cap)
        everything = sum(factor.weight for factor in self.model.factors)
        unknown = (fresh == 0) | (fresh * 100 < self.model.least_coverage * everything)
        unknown |= facts.days_known < self.model.least_history
        whole = np.maximum(counted, 1) * HUNDREDTH
        # Adding the half before dividing rounds half up, in integers.
        unknown |= facts.is_new
        health = np.where(unknown, 0, np.minimum((2 * weighted + whole) // (2 * whole), cap))
        health = np.where(facts.override.known, facts.override.value, health)
        unknown &= ~facts.override.known
        bands = self.model.bands
        conditions = [facts.is_new, unknown, health < bands.yellow_from, health < bands.green_from]
        band = np.select(conditions, [NEW, UNKNOWN, 0, 1], default=2)
        return health, band, fresh * 10_000 // max(1, everything)

    def _digests(self, facts: Facts, days: np.ndarray, contacts: np.ndarray, as_of: int, known_on: int) -> list[bytes]:
        """Return a 16-byte digest of what each score was made of: version, days, counts, contacts, inputs."""
        rows = days.copy()
        # The place in a batch must not enter: a score has the same digest whatever it was computed with.
        rows["customer"] = 0
        rows["weight"] = self.event_types[days["weight"]] if len(days) else 0
        body = rows.tobytes()
        ends = np.searchsorted(days["customer"], np.arange(len(facts.customers)), side="right") * rows.itemsize
        head = integers([self.model.version, as_of, known_on]).tobytes() + ",".join(sorted(facts.silent)).encode()
        overrides = np.where(facts.override.known, facts.override.value, UNKNOWN).tolist()
        tails = np.ascontiguousarray(
            np.column_stack([facts.last_active_day, contacts, *self._digested(facts)]), np.int64
        )
        width, tail = tails.itemsize * tails.shape[1], tails.tobytes()
        digests, start = [], 0
        for i, end in enumerate(ends.tolist()):
            inputs = tail[i * width : (i + 1) * width]
            if overrides[i] != UNKNOWN:
                inputs += b"override %d" % overrides[i]
            digests.append(blake2b(head + inputs + body[start:end], digest_size=16).digest())
            start = end
        return digests

    def _digested(self, facts: Facts) -> list[np.ndarray]:
        """Return what the digest must hold beyond counts: inputs, and since when a customer is known."""
        digested = []
        for factor in self.model.factors:
            digested += COLUMNS[factor.kind].digested(facts, self.points, factor)
        if self.model.least_history:
            digested.append(facts.days_known >= self.model.least_history)
        if self.model.new_days_trial or self.model.new_days_active:
            digested.append(facts.is_new)
        return digested


def factor_points(factor: engine.Factor, values: np.ndarray) -> np.ndarray:
    """Return the points of inputs, in millionths."""
    span = abs(factor.best - factor.worst)
    # Inputs are brought near the span first, so that the difference cannot overflow.
    low, high = min(factor.worst, factor.best), max(factor.worst, factor.best)
    near = np.clip(values, low, high)
    way = near - factor.worst if factor.best > factor.worst else factor.worst - near
    return (2 * way * 100 * POINT + span) // (2 * span)
