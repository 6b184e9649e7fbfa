"""Survey figures from counts of answers: NPS, shares, means, and their changes. Pure. All intervals are of 95 per cent.

Scores of NPS and CXI are points from −100 to 100, shares 0..1, means on the scale of the question.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

from core import intervals
from core.intervals import Z95, Counts, Estimate, NoAnswers

PROMOTER, DETRACTOR = 9, 6  # from, up to: of 0..10
SATISFIED = 4  # from, of 1..5
EASY = 5  # from, of 1..7
EFFORT_SCALE = (1, 7)
ADDED = 3  # answers the adjusted Wald interval of NPS adds: ¾ promoters, ¾ detractors, the rest passives
TOP, BOTTOM = 4, 2  # boxes of 1..5: from, up to


@dataclass(frozen=True, slots=True)
class Change:
    """The later minus the earlier, and its interval. It is called a change only when that leaves 0 out."""

    value: float
    low: float
    high: float

    @property
    def is_one(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Promotion:
    """How many would recommend (9, 10), would not (0 to 6), or neither (7, 8)."""

    promoters: int
    passives: int
    detractors: int

    @property
    def n(self) -> int:
        return self.promoters + self.passives + self.detractors


def promotion(counts: Sequence[int]) -> Promotion:
    """Sort the counts of answers 0, 1, … 10 into the three groups."""
    return Promotion(
        promoters=sum(counts[PROMOTER:]),
        passives=sum(counts[DETRACTOR + 1 : PROMOTER]),
        detractors=sum(counts[: DETRACTOR + 1]),
    )


def nps(answers: Promotion) -> Estimate:
    """Return promoters − detractors in points, with the adjusted Wald interval. Raises NoAnswers.

    Source: Rocks, B. (2016), Interval estimation for the "net promoter score", The American Statistician 70(4).
    """
    if not answers.n:
        raise NoAnswers
    centre, error = _adjusted(answers)
    value = 100 * (answers.promoters - answers.detractors) / answers.n
    low, high = max(-100.0, centre - Z95 * error), min(100.0, centre + Z95 * error)
    # The interval stands around the adjusted figure. Of very few answers that are all alike it would leave the plain
    # one out (one detractor: −100 beside −98.5 to 48.5), so it is stretched to reach it.
    return Estimate(value, min(low, value), max(high, value), answers.n)


def nps_change(before: Promotion, after: Promotion) -> Change:
    """Compare two waves that different contacts answered. Raises NoAnswers."""
    (centre, error), (centre_after, error_after) = (_adjusted(answers) for answers in (before, after))
    value = nps(after).value - nps(before).value
    return _change(value, centre_after - centre, Z95 * sqrt(error**2 + error_after**2))


def _adjusted(answers: Promotion) -> tuple[float, float]:
    """Return the centre and the standard error of NPS, in points."""
    n = answers.n + ADDED
    promoters, detractors = ((count + ADDED / 4) / n for count in (answers.promoters, answers.detractors))
    net = promoters - detractors
    return 100 * net, 100 * sqrt((promoters + detractors - net**2) / n)


def share_change(before: Estimate, after: Estimate) -> Change:
    """Compare two shares of different contacts, from their Wilson intervals.

    Source: Newcombe, R. G. (1998), Interval estimation for the difference between independent proportions, method 10.
    """
    return _apart(before, after)


def mean_change(before: Counts, after: Counts, scale: tuple[float, float]) -> Change:
    """Compare the means of two waves that different contacts answered. Raises NoAnswers."""
    return _apart(intervals.mean(before, scale), intervals.mean(after, scale))


def paired_change(pairs: Mapping[tuple[float, float], int], scale: tuple[float, float]) -> Change:
    """Compare two answers of the same contacts: (before, after) → how many, on the scale. Raises NoAnswers.

    For NPS the answers are −100, 0 or 100 (`promoting`), for shares 0 or 1.
    """
    differences: Counter[float] = Counter()
    for (before, after), count in pairs.items():
        differences[after - before] += count
    reach = scale[1] - scale[0]
    mean = intervals.mean(differences, (-reach, reach))
    return Change(mean.value, mean.low, mean.high)


def promoting(answer: int) -> int:
    """Return what one answer of 0..10 adds to NPS: 100 for a promoter, −100 for a detractor, else 0."""
    return 100 * ((answer >= PROMOTER) - (answer <= DETRACTOR))


def voice_index(satisfaction: float | None, loyalty: float | None, awareness: float | None) -> float | None:
    """Return the mean of satisfied share, NPS brought to 0..1, and share of contacts reached; None if one is unknown.

    `loyalty` is NPS in points.
    """
    if satisfaction is None or loyalty is None or awareness is None:
        return None
    return fmean((satisfaction, (loyalty + 100) / 200, awareness))


def _change(value: float, centre: float, half: float) -> Change:
    # As for one wave: the interval reaches the plain difference, which may lie beside the adjusted one.
    return Change(value, min(value, centre - half), max(value, centre + half))


def _apart(before: Estimate, after: Estimate) -> Change:
    """Compare two waves by their own intervals; the halves are added as squares, as independent errors are."""
    value = after.value - before.value
    down = sqrt((after.value - after.low) ** 2 + (before.high - before.value) ** 2)
    up = sqrt((after.high - after.value) ** 2 + (before.value - before.low) ** 2)
    return Change(value, value - down, value + up)
