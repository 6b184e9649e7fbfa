"""What answers say, and how sure that is. Pure: counts and numbers in, estimates out. All intervals are of 95 per cent.

Scores of NPS and CXI are points from −100 to 100, shares 0..1, means on the scale of the question.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import fmean

from surveys.results.student import quantile

Z = 1.96
PROMOTER, DETRACTOR = 9, 6  # from, up to: of 0..10
SATISFIED = 4  # from, of 1..5
EASY = 5  # from, of 1..7
EFFORT_SCALE = (1, 7)
ADDED = 3  # answers the adjusted Wald interval of NPS adds: ¾ promoters, ¾ detractors, the rest passives
TOP, BOTTOM = 4, 2  # boxes of 1..5: from, up to

Counts = Mapping[int, int] | Mapping[float, int]  # answer → how many gave it


class NoAnswers(ValueError):
    """Nobody answered (of pairs: nobody twice), so there is nothing to say."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What was found, the interval it stands in, and from how many answers."""

    value: float
    low: float
    high: float
    n: int


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


def nps(said: Promotion) -> Estimate:
    """Return promoters − detractors in points, with the adjusted Wald interval. Raises NoAnswers.

    Source: Rocks, B. (2016), Interval estimation for the "net promoter score", The American Statistician 70(4).
    """
    if not said.n:
        raise NoAnswers
    centre, error = _adjusted(said)
    value = 100 * (said.promoters - said.detractors) / said.n
    return Estimate(value, max(-100.0, centre - Z * error), min(100.0, centre + Z * error), said.n)


def nps_change(before: Promotion, after: Promotion) -> Change:
    """Compare two waves that different contacts answered. Raises NoAnswers."""
    (centre, error), (centre_after, error_after) = (_adjusted(said) for said in (before, after))
    value = nps(after).value - nps(before).value
    return _change(value, centre_after - centre, Z * sqrt(error**2 + error_after**2))


def _adjusted(said: Promotion) -> tuple[float, float]:
    """Return the centre and the standard error of NPS, in points."""
    n = said.n + ADDED
    promoters, detractors = ((count + ADDED / 4) / n for count in (said.promoters, said.detractors))
    net = promoters - detractors
    return 100 * net, 100 * sqrt((promoters + detractors - net**2) / n)


def share(count: int, n: int) -> Estimate:
    """Return count/n with the Wilson interval: of CSAT, easy answers, response rates. Raises NoAnswers.

    Source: Wilson, E. B. (1927), without a correction for continuity.
    """
    if not n:
        raise NoAnswers
    found, z2 = count / n, Z**2
    centre = (found + z2 / (2 * n)) / (1 + z2 / n)
    half = Z * sqrt(found * (1 - found) / n + z2 / (4 * n**2)) / (1 + z2 / n)
    # The ends are exactly 0 and 1 where nobody or everybody said so; rounding would leave crumbs.
    return Estimate(found, 0.0 if not count else centre - half, 1.0 if count == n else centre + half, n)


def share_change(before: Estimate, after: Estimate) -> Change:
    """Compare two shares of different contacts, from their Wilson intervals.

    Source: Newcombe, R. G. (1998), Interval estimation for the difference between independent proportions, method 10.
    """
    return _apart(before, after)


def mean(answers: Sequence[float], scale: tuple[float, float]) -> Estimate:
    """Return the mean with Student's interval, within the scale. Raises NoAnswers."""
    return mean_of(Counter(answers), scale)


def mean_of(counts: Counts, scale: tuple[float, float]) -> Estimate:
    """Return the mean of answers counted by what they say: a million of them are no list. Raises NoAnswers.

    Answers that are all alike do not prove that everybody thinks so: as many others as Wilson's interval leaves room
    for may think anything on the scale.
    """
    n = sum(counts.values())
    if not n:
        raise NoAnswers
    value = fsum(answer * count for answer, count in counts.items()) / n
    lowest, highest = scale
    if sum(1 for count in counts.values() if count) == 1:
        others = share(0, n).high
        return Estimate(value, value - others * (value - lowest), value + others * (highest - value), n)
    variance = fsum(count * (answer - value) ** 2 for answer, count in counts.items()) / (n - 1)
    half = quantile(n - 1) * sqrt(variance / n)
    return Estimate(value, max(lowest, value - half), min(highest, value + half), n)


def mean_change(before: Sequence[float], after: Sequence[float], scale: tuple[float, float]) -> Change:
    """Compare the means of two waves that different contacts answered. Raises NoAnswers."""
    return mean_change_of(Counter(before), Counter(after), scale)


def mean_change_of(before: Counts, after: Counts, scale: tuple[float, float]) -> Change:
    """Compare the means of two waves, counted by what was said. Raises NoAnswers."""
    return _apart(mean_of(before, scale), mean_of(after, scale))


def paired_change(pairs: Sequence[tuple[float, float]], scale: tuple[float, float]) -> Change:
    """Compare two answers (before, after) of the same contacts, in units of the scale. Raises NoAnswers.

    For NPS the answers are −100, 0 or 100 (`promoting`), for shares 0 or 1.
    """
    return paired_change_of(Counter(pairs), scale)


def paired_change_of(pairs: Mapping[tuple[float, float], int], scale: tuple[float, float]) -> Change:
    """Compare pairs (before, after) counted by what they say. Raises NoAnswers."""
    differences: Counter[float] = Counter()
    for (before, after), count in pairs.items():
        differences[after - before] += count
    reach = scale[1] - scale[0]
    found = mean_of(differences, (-reach, reach))
    return Change(found.value, found.low, found.high)


def promoting(answer: int) -> int:
    """Return what one answer of 0..10 adds to NPS: 100 for a promoter, −100 for a detractor, else 0."""
    return 100 * ((answer >= PROMOTER) - (answer <= DETRACTOR))


def cxi(answers: Sequence[Sequence[int]]) -> Estimate:
    """Return the mean of the four questions' top-two − bottom-two boxes in points. Raises NoAnswers.

    Each answer holds its four marks of 1..5, whole: who left one out is not among them. The interval comes from each
    answer's own mean, because marks of one person are no independent evidence.
    """
    own = [fmean(100 * ((mark >= TOP) - (mark <= BOTTOM)) for mark in marks) for marks in answers]
    return mean(own, (-100, 100))


def voice_index(satisfaction: float | None, loyalty: float | None, awareness: float | None) -> float | None:
    """Return the mean of satisfied share, NPS brought to 0..1, and share of contacts reached; None if one is unknown.

    `loyalty` is NPS in points.
    """
    if satisfaction is None or loyalty is None or awareness is None:
        return None
    return fmean((satisfaction, (loyalty + 100) / 200, awareness))


def _change(value: float, centre: float, half: float) -> Change:
    return Change(value, centre - half, centre + half)


def _apart(before: Estimate, after: Estimate) -> Change:
    """Compare two waves by their own intervals; the halves are added as squares, as independent errors are."""
    value = after.value - before.value
    down = sqrt((after.value - after.low) ** 2 + (before.high - before.value) ** 2)
    up = sqrt((after.high - after.value) ** 2 + (before.value - before.low) ** 2)
    return Change(value, value - down, value + up)
