"""How well a number foretells an outcome: ranking, lift, a call list, shares. Pure NumPy.

Everywhere `risk` is higher where the outcome is likelier, `happened` says where it came, and `who` is the customer of
each row: one customer stands on several days, so rows of one customer are no independent evidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.intervals import Z95, Estimate, wilson

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


class NothingToRank(ValueError):
    """All rows are of one sort."""


def placements(risk: Floats, happened: Bools) -> Floats:
    """Return for each row the share (0..1) of the other sort that it is ranked rightly against; a tie is half."""
    yes, no = np.sort(risk[happened]), np.sort(risk[~happened])
    if not len(yes) or not len(no):
        raise NothingToRank
    shares = np.empty(len(risk))
    shares[happened] = _share_below(no, risk[happened])
    shares[~happened] = 1 - _share_below(yes, risk[~happened])
    return shares


def _share_below(ordered: Floats, values: Floats) -> Floats:
    below, up_to = np.searchsorted(ordered, values, "left"), np.searchsorted(ordered, values, "right")
    return (below + up_to) / (2 * len(ordered))


def aucs(risks: Sequence[Floats], happened: Bools, who: Ints) -> tuple[Floats, Floats]:
    """Return the area under the ROC curve of each number, and their covariances. Raises NothingToRank.

    Covariances by DeLong's structural components, added up by customer (Obuchowski, N. A. (1997). Nonparametric
    analysis of clustered ROC curve data. Biometrics 53, 567-578); where everybody stands once, DeLong's own (1988).
    """
    placed = np.array([placements(risk, happened) for risk in risks])
    means = placed[:, happened].mean(axis=1)
    _, cluster = np.unique(who, return_inverse=True)
    yes = _by_cluster(placed - means[:, None], cluster, happened)
    no = _by_cluster(placed - means[:, None], cluster, ~happened)
    m, n = int(happened.sum()), int((~happened).sum())
    with_yes, with_no = len(np.unique(cluster[happened])), len(np.unique(cluster[~happened]))
    mixed = yes @ no.T
    covariances = (
        _unbiased(with_yes) * (yes @ yes.T) / m**2
        + _unbiased(with_no) * (no @ no.T) / n**2
        + _unbiased(yes.shape[1]) * (mixed + mixed.T) / (m * n)
    )
    return means, covariances


def _by_cluster(values: Floats, cluster: Ints, where: Bools) -> Floats:
    size = int(cluster.max()) + 1
    return np.array([np.bincount(cluster[where], row[where], size) for row in values])


def _unbiased(clusters: int) -> float:
    return clusters / (clusters - 1) if clusters > 1 else 1.0


def auc(risk: Floats, happened: Bools, who: Ints) -> Estimate:
    means, covariances = aucs([risk], happened, who)
    return _normal(float(means[0]), float(covariances[0, 0]), 0.0, 1.0)


def estimates(means: Floats, covariances: Floats) -> list[Estimate]:
    return [_normal(float(mean), float(covariances[i, i]), 0.0, 1.0) for i, mean in enumerate(means)]


def difference(means: Floats, covariances: Floats, one: int, other: int) -> Estimate:
    """Return AUC `one` less AUC `other`, of the same rows: what they share cancels out."""
    variance = covariances[one, one] + covariances[other, other] - 2 * covariances[one, other]
    return _normal(float(means[one] - means[other]), max(0.0, float(variance)), -1.0, 1.0)


def _normal(value: float, variance: float, least: float, most: float) -> Estimate:
    half = Z95 * float(np.sqrt(variance))
    return Estimate(value, max(least, value - half), min(most, value + half))


def found_among(risk: Floats, happened: Bools, first: Sequence[float]) -> Floats:
    """Return how many outcomes are among the `first` rows by falling risk, for each such number of rows.

    Where a tie straddles the end, what chance would take of it: no order among equals is made up.
    """
    order = np.argsort(-risk, kind="stable")
    ranked, hits = risk[order], happened[order].astype(float)
    # Compared, not subtracted: what is unknown is an infinite risk, and ties with its like.
    ends = np.flatnonzero(np.concatenate([ranked[1:] != ranked[:-1], np.ones(min(1, len(ranked)), dtype=bool)]))
    rows = np.concatenate([[0], ends + 1])
    gained = np.concatenate([[0], np.cumsum(hits)[ends]])
    return np.interp(np.asarray(first, dtype=float), rows, gained)


@dataclass(frozen=True, slots=True)
class Calls:
    """A team that calls `each_day` customers on each day. `found` may be a fraction where scores tie."""

    each_day: int
    days: int
    called: int
    found: float
    by_chance: float
    happened: int

    @property
    def precision(self) -> float:
        return self.found / self.called if self.called else 0.0

    @property
    def recall(self) -> float:
        return self.found / self.happened if self.happened else 0.0


def calls(risk: Floats, happened: Bools, day: Ints, each_day: int) -> Calls:
    """Count what calling the `each_day` customers of highest risk on each day would have found."""
    called, found, chance = 0, 0.0, 0.0
    numbers = np.unique(day)
    for today in numbers:
        of_day = day == today
        size = min(each_day, int(of_day.sum()))
        called += size
        found += float(found_among(risk[of_day], happened[of_day], [size])[0])
        chance += size * float(happened[of_day].mean())
    return Calls(each_day, len(numbers), called, found, chance, int(happened.sum()))


@dataclass(frozen=True, slots=True)
class Tenth:
    number: int
    rows: float
    found: float
    lift: float  # the share of outcomes here over that of everybody


def lift(risk: Floats, happened: Bools, day: Ints, parts: int = 10) -> list[Tenth]:
    """Cut each day's rows into tenths by falling risk, and compare each tenth's outcomes with everybody's."""
    rows, found = np.zeros(parts), np.zeros(parts)
    for today in np.unique(day):
        of_day = day == today
        ends = np.arange(parts + 1) * int(of_day.sum()) / parts
        rows += np.diff(ends)
        found += np.diff(found_among(risk[of_day], happened[of_day], ends.tolist()))
    base = happened.mean() if len(happened) else 0.0
    lifts = found / np.maximum(rows, 1e-9) / base if base else np.zeros(parts)
    return [Tenth(i + 1, float(rows[i]), float(found[i]), float(lifts[i])) for i in range(parts)]


def share(happened: Bools, who: Ints) -> Estimate | None:
    """Return the share (0..1) with an interval that knows that rows of one customer go together; None without rows.

    Wilson's interval, with the number of rows cut down by what the customers' repetition costs (never raised).
    """
    if not len(happened):
        return None
    p = float(happened.mean())
    _, cluster = np.unique(who, return_inverse=True)
    residue = np.bincount(cluster, happened - p)
    variance = float((residue**2).sum()) / len(happened) ** 2
    simple = p * (1 - p) / len(happened)
    rows = len(happened) if not simple or variance <= simple else len(happened) * simple / variance
    return Estimate(p, *wilson(p, rows))
