"""Survey results, from daily counts alone: as quick for a million answers as for ten.

A confidential survey is read in blocks of days (surveys/results/confidence.py); a figure of fewer than five answers
is None.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from core import intervals
from core.intervals import Estimate
from surveys import kinds
from surveys.answering.tallies import SCORE, STEP, Step
from surveys.kinds.base import SCORE as SCORE_QUESTION
from surveys.kinds.base import Counts, SurveyKind
from surveys.models import Survey, Tally
from surveys.questionnaire import questions
from surveys.questionnaire.questions import Question
from surveys.results import confidence
from surveys.results.confidence import LEAST, Block
from surveys.results.daily_counts import DailyCounts, OwnCounts, StoredCounts, first_of
from surveys.results.statistics import Change

WEEKS_UP_TO = timedelta(days=120)  # a longer course is shown by month
TOGETHER = 3  # periods, at most, of which the newest are compared with those before
_DROPPED = "dropped:"


@dataclass(frozen=True, slots=True)
class Period:
    """A week, month or quarter of the course. `estimate` None: nobody answered."""

    day: date  # its first
    counts: Counts
    estimate: Estimate | None


@dataclass(frozen=True, slots=True)
class LatestChange:
    """The newest periods together against as many before them."""

    before: Period
    after: Period
    change: Change


@dataclass(frozen=True, slots=True)
class Funnel:
    """From asking to answering. `delivered` and `opened` are 0 where the mail provider tells nothing."""

    sent: int = 0
    delivered: int = 0
    opened: int = 0
    started: int = 0
    answered: int = 0  # all, also by a link or from a file
    replied: int = 0  # by those we had sent the question
    failed: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)  # reason → how many were not asked

    @property
    def response(self) -> Estimate | None:
        """The share of the invited contacts who answered. None where the invitations were sent before these days."""
        return intervals.share(self.replied, self.sent) if 0 < self.sent >= self.replied else None

    @property
    def unasked(self) -> int:
        return self.answered - self.replied

    @property
    def begun(self) -> int:
        """How many of the invited contacts touched the form: uninvited ones, who start as well, are taken off."""
        return max(0, self.started - self.unasked)


@dataclass(frozen=True, slots=True)
class QuestionCounts:
    """How often each value of a question was chosen: number of a rating or option → count. `n` counts choices."""

    question: Question
    counts: Mapping[int, int]
    n: int
    mean: Estimate | None  # of ratings


@dataclass(frozen=True, slots=True)
class Measures:
    n: int  # answers the figures below stand on; 0 when they are too few to be shown
    score: Estimate | None
    easy: Estimate | None  # of effort: the share of 5 to 7
    counts: Counts  # score → answers
    questions: Sequence[QuestionCounts]
    course: Sequence[Period]
    per: str  # week, month or quarter
    moved: LatestChange | None
    way: Funnel
    first: date | None  # of the days that were counted
    last: date | None
    blocks: Sequence[Block] | None  # None: the survey is not confidential


def survey_results(
    survey: Survey,
    *,
    tallies: "QuerySet[Tally] | None" = None,
    own: OwnCounts | None = None,
    per: str = "",
    today: date,
) -> Measures:
    """Return a survey's results; `tallies` narrows or widens the counts, `own` takes their place.

    Two queries, three if it is confidential, none with `own`. A confidential survey has no figures of somebody's own
    customers: one more customer of theirs, and the difference would tell a single answer.
    """
    rows: DailyCounts = StoredCounts(survey.tallies.all() if tallies is None else tallies) if own is None else own
    blocks: list[Block] | None = None
    if survey.is_confidential:
        rows, blocks = (rows, _blocks(survey, rows, today)) if own is None else (own.none(), [])
    counted = rows if blocks is None else _only(rows, blocks)
    totals, first, last = _totals(counted)
    steps = totals[STEP] if blocks is None else _totals(rows.only(STEP))[0][STEP]
    per = per or ("week" if first and last and last - first <= WEEKS_UP_TO else "month")
    counts = {int(value): count for value, count in totals[SCORE].items() if count}
    kind, least = kinds.get(survey.kind), 1 if blocks is None else LEAST
    course = _course(kind, _by_period(counted.only(SCORE), per, blocks))
    return Measures(
        n=sum(counts.values()) or totals[STEP][Step.ANSWERED],
        score=kind.estimate(counts),
        easy=kind.easy(counts),
        counts=counts,
        questions=[_question_counts(q, totals, least=least) for q in _counted_questions(survey)],
        course=course,
        per=per,
        moved=_moved(kind, course),
        way=_funnel(steps),
        first=first,
        last=last,
        blocks=blocks,
    )


def _blocks(survey: Survey, rows: DailyCounts, today: date) -> list[Block]:
    """Return the blocks that lie in the range asked for. They are made of all the survey's days: one query for each."""
    answered = Tally.objects.filter(survey=survey, name=STEP, value=Step.ANSWERED).values_list("day", "count")
    days_in_range = {day for day, value, _count in rows.only(STEP).periods("day") if value == Step.ANSWERED}
    days = dict(answered)
    every = confidence.blocks(days, today)
    return [block for block in every if {day for day in days if block.first <= day <= block.last} <= days_in_range]


def _only(rows: DailyCounts, blocks: Sequence[Block]) -> DailyCounts:
    """Blocks in a range stand side by side: from the first to the last."""
    return rows.between(blocks[0].first, blocks[-1].last) if blocks else rows.none()


def _totals(rows: DailyCounts) -> tuple[defaultdict[str, Counter[str]], date | None, date | None]:
    """Return name → value → count, and the first and the last day of answers."""
    totals: defaultdict[str, Counter[str]] = defaultdict(Counter)
    firsts, lasts = list[date](), list[date]()
    for name, value, count, first, last in rows.totals():
        totals[name][value] += count
        if name != STEP or value == Step.ANSWERED:
            firsts.append(first)
            lasts.append(last)
    return totals, min(firsts, default=None), max(lasts, default=None)


def _by_period(rows: DailyCounts, per: str, blocks: Sequence[Block] | None) -> dict[date, Counter[int]]:
    """Return the first day of each period → score → count. A block belongs to the period of its last day."""
    ends = {} if blocks is None else {day: block.last for block in blocks for day in _days(block)}
    by_period: dict[date, Counter[int]] = defaultdict(Counter)
    for day, value, count in rows.periods(per if blocks is None else "day"):
        by_period[day if blocks is None else first_of(per, ends[day])][int(value)] += count
    return by_period


def _days(block: Block) -> Iterable[date]:
    return (block.first + timedelta(days=i) for i in range((block.last - block.first).days + 1))


def _course(kind: SurveyKind, periods: Mapping[date, Counter[int]]) -> list[Period]:
    return [Period(day, counts, kind.estimate(counts)) for day, counts in sorted(periods.items())]


def _moved(kind: SurveyKind, course: Sequence[Period]) -> LatestChange | None:
    """Compare the last three periods in which somebody answered with the three before: of fewer, the halves.

    One comparison, always the same: among all pairs of periods, some differ by chance.
    """
    known = [period for period in course if period.estimate is not None]
    length = min(TOGETHER, len(known) // 2)
    if not length:
        return None
    before, after = (_together(kind, part) for part in (known[-2 * length : -length], known[-length:]))
    changed = kind.change(before.counts, after.counts)
    return None if changed is None else LatestChange(before, after, changed)


def _together(kind: SurveyKind, periods: Sequence[Period]) -> Period:
    counts: Counter[int] = Counter()
    for period in periods:
        counts.update(period.counts)
    return Period(periods[0].day, counts, kind.estimate(counts))


def _counted_questions(survey: Survey) -> list[Question]:
    """Return the questions beside the score whose answers are counted; texts are comments."""
    return [
        question
        for question in questions.load(survey.questions)
        if question.key != SCORE_QUESTION and question.type != "text"
    ]


def _question_counts(question: Question, totals: Mapping[str, Counter[str]], *, least: int) -> QuestionCounts:
    counted = totals[f"q:{question.key}"]
    counts = {int(value): count for value, count in counted.items() if value.isdecimal() and count}
    n = sum(counts.values())
    if n < least:
        return QuestionCounts(question, {}, 0, None)
    scale = (question.low, question.high)
    return QuestionCounts(question, counts, n, intervals.mean(counts, scale) if question.type == "rating" else None)


def _funnel(steps: Mapping[str, int]) -> Funnel:
    dropped = {value.removeprefix(_DROPPED): count for value, count in steps.items() if value.startswith(_DROPPED)}
    reached: dict[str, Any] = {str(step): steps.get(str(step), 0) for step in Step}
    return Funnel(**reached, dropped={reason: count for reason, count in sorted(dropped.items()) if count})


def days_told(survey: Survey, rows: "QuerySet[Tally]", today: date) -> tuple[date, date] | None:
    """Return the first and last day of a confidential survey's full blocks; None before there is one. Two queries."""
    blocks = _blocks(survey, StoredCounts(rows), today)
    return (blocks[0].first, blocks[-1].last) if blocks else None
