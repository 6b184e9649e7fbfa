"""The score of each kind of survey from counts of what was said, and what changed. Pure but for the kinds' names."""

from collections.abc import Mapping

from core import intervals
from core.intervals import Estimate
from surveys.models import Kind
from surveys.results import statistics
from surveys.results.statistics import Change

Counts = Mapping[int, int]  # score → how many gave it
POINTS = (-100, 100)  # the scale of CXI, whose stored scores are the sums of four marks of −1, 0 and 1
_MARKS = 4


def estimate(kind: str, counts: Counts) -> Estimate | None:
    """Return the kind's figure: points of NPS and CXI, a share of CSAT, a mean of effort. None: nothing to say."""
    if kind == Kind.FREE or not sum(counts.values()):
        return None
    if kind == Kind.NPS:
        return statistics.nps(promotion(counts))
    if kind == Kind.CSAT:
        return satisfied(counts)
    if kind == Kind.EFFORT:
        return intervals.mean(counts, statistics.EFFORT_SCALE)
    return intervals.mean(_points(counts), POINTS)


def change(kind: str, before: Counts, after: Counts) -> Change | None:
    """Compare what different contacts said before and after. None when either said nothing."""
    if kind == Kind.FREE or not sum(before.values()) or not sum(after.values()):
        return None
    if kind == Kind.NPS:
        return statistics.nps_change(promotion(before), promotion(after))
    if kind == Kind.CSAT:
        return statistics.share_change(satisfied(before), satisfied(after))
    if kind == Kind.EFFORT:
        return statistics.mean_change(before, after, statistics.EFFORT_SCALE)
    return statistics.mean_change(_points(before), _points(after), POINTS)


def easy(counts: Counts) -> Estimate | None:
    """Return the share of answers of 5 to 7 to "they made it easy"; None without answers."""
    n = sum(counts.values())
    return intervals.share(sum(c for score, c in counts.items() if score >= statistics.EASY), n) if n else None


def satisfied(counts: Counts) -> Estimate:
    """Return the share of answers of 4 and 5. Raises NoAnswers."""
    said_so = sum(count for score, count in counts.items() if score >= statistics.SATISFIED)
    return intervals.share(said_so, sum(counts.values()))


def promotion(counts: Counts) -> statistics.Promotion:
    return statistics.promotion([counts.get(score, 0) for score in range(11)])


def _points(counts: Counts) -> dict[float, int]:
    return {100 * net / _MARKS: count for net, count in counts.items()}
