"""What a survey kind says about itself; every page, form and figure asks here instead of comparing names."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from django.utils.translation import gettext

from core import intervals
from core.intervals import Estimate
from surveys.kinds import wording
from surveys.kinds.template import Template, Words
from surveys.results import statistics
from surveys.results.statistics import Change

SCORE = "score"  # the key of the question a kind begins with
Counts = Mapping[int, int]  # score → how many answers
Marks = Mapping[str, Any]  # question key → number of a rating, "2" of a choice, ["1", "3"] of several, text

_LOOKS = {"good": ("success", "smile"), "middle": ("warning", "meh"), "bad": ("danger", "frown")}


@dataclass(frozen=True, slots=True)
class Group:
    """A group of answers; follow-up questions are asked by group, and the bad one is to be followed up."""

    name: str
    label: Words
    feeling: Literal["good", "middle", "bad"]

    @property
    def tone(self) -> str:
        """The colour's name in the style sheets."""
        return _LOOKS[self.feeling][0]

    @property
    def icon(self) -> str:
        return _LOOKS[self.feeling][1]

    @property
    def is_unhappy(self) -> bool:
        return self.feeling == "bad"


class SurveyKind:
    """A kind without a score; kinds that have one extend ScoredKind."""

    name: ClassVar[str]
    label: ClassVar[Words]
    template: ClassVar[Template]  # what a survey of this kind begins as
    keys: ClassVar[tuple[str, ...]] = ()  # of the ratings it begins with, which must be answered
    scale: ClassVar[tuple[int, int]] = (0, 0)  # of these ratings
    scores: ClassVar[tuple[int, int]] = (0, 0)  # lowest and highest score that is stored
    groups: ClassVar[Sequence[Group]] = ()  # the good one first
    range: ClassVar[tuple[float, float]] = (0, 0)  # lowest and highest figure
    levels: ClassVar[Sequence[float]] = ()  # lines a chart of the figure may have, ascending
    unit: ClassVar[Words] = ""  # what stands beside the figure
    feeds_health: ClassVar[bool] = False  # the mean of answers is the input of the health factor of the same name

    @property
    def has_score(self) -> bool:
        return bool(self.keys)

    @property
    def highest(self) -> int | None:
        """The end of the scale that a score is a mark on; None where it is none."""
        return self.scale[1] if self.has_score and self.scores == self.scale else None

    def score(self, marks: Marks) -> int | None:
        """Return what is stored of an answer; None where what it needs was not answered."""
        return None

    def group_of(self, score: int | None) -> Group | None:
        return None

    def estimate(self, counts: Counts) -> Estimate | None:
        """Return the kind's figure with its interval; None without answers."""
        return None

    def change(self, before: Counts, after: Counts) -> Change | None:
        """Compare what different contacts answered before and after; None when there are no answers of one."""
        return None

    def worth(self, score: int) -> float:
        """Return what one answer adds to the figure, which is the mean of these."""
        return score

    def easy(self, counts: Counts) -> Estimate | None:
        """Return the share of answers that found it easy; None for kinds that do not ask that."""
        return None

    def figure(self, value: float) -> str:
        """Write a figure of this kind, without its unit."""
        return wording.points(value)

    def difference(self, size: float) -> str:
        """Write how large a change is, with its unit and without a sign."""
        return gettext("%(n)s points") % {"n": wording.points(size)}

    def score_text(self, score: int) -> str:
        """Write one answer's score."""
        return str(score) if self.highest is None else f"{score}/{self.highest}"


class ScoredKind(SurveyKind):
    """A kind with a score, three groups, and a figure that is the mean of what each answer adds."""

    keys: ClassVar[tuple[str, ...]] = (SCORE,)
    good_from: ClassVar[int]  # scores from this one on are the good group's
    bad_up_to: ClassVar[int]  # scores up to this one are the bad group's

    def score(self, marks: Marks) -> int | None:
        return marks.get(SCORE)

    def group_of(self, score: int | None) -> Group | None:
        if score is None:
            return None
        good, middle, bad = self.groups
        return good if score >= self.good_from else bad if score <= self.bad_up_to else middle

    def estimate(self, counts: Counts) -> Estimate | None:
        return self._estimate(counts) if sum(counts.values()) else None

    def change(self, before: Counts, after: Counts) -> Change | None:
        return self._change(before, after) if sum(before.values()) and sum(after.values()) else None

    def _estimate(self, counts: Counts) -> Estimate:
        return intervals.mean(self._worths(counts), self.range)

    def _change(self, before: Counts, after: Counts) -> Change:
        return statistics.mean_change(self._worths(before), self._worths(after), self.range)

    def _worths(self, counts: Counts) -> Counter[float]:
        worths: Counter[float] = Counter()
        for score, count in counts.items():
            worths[self.worth(score)] += count
        return worths
