"""Questions as a survey keeps them, and answers read by them. No database, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from django.utils.translation import gettext as _

from surveys.models import Group, Kind
from surveys.results import statistics

Type = Literal["rating", "choice", "choices", "text"]
TYPES: tuple[Type, ...] = ("rating", "choice", "choices", "text")
SCALES = {Kind.NPS: (0, 10), Kind.CSAT: (1, 5), Kind.EFFORT: (1, 7), Kind.CXI: (1, 5)}
SCORE = "score"  # the key of the question a kind begins with
CXI_KEYS = ("effort", "empathy", "understanding", "effectiveness")
GROUPS: dict[Kind, tuple[Group, ...]] = {
    Kind.NPS: (Group.PROMOTER, Group.PASSIVE, Group.DETRACTOR),
    Kind.CSAT: (Group.SATISFIED, Group.NEUTRAL, Group.DISSATISFIED),
    Kind.EFFORT: (Group.EASY, Group.MIDDLING, Group.HARD),
    Kind.CXI: (Group.SATISFIED, Group.NEUTRAL, Group.DISSATISFIED),
    Kind.FREE: (),
}
NEEDS_CARE = (Group.DETRACTOR, Group.DISSATISFIED, Group.HARD)
LONGEST_TEXT = 5_000
MOST_QUESTIONS, MOST_OPTIONS = 20, 20

Marks = dict[str, Any]  # question key → int of a rating, "2" of a choice, ["1", "3"] of several, text


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `texts`: language → text, low and high (words at the ends of the scale), options (labels).

    A choice is answered by the number of its option, from 1. `shown_to`: groups of answers; empty means everybody.
    """

    key: str
    type: Type
    low: int = 0
    high: int = 0
    is_required: bool = False
    shown_to: tuple[str, ...] = ()
    texts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def said(self, name: str, language: str) -> Any:
        """Return a text in the language, or in the first language that has it."""
        return next((one[name] for one in (self.texts.get(language, {}), *self.texts.values()) if one.get(name)), "")

    def options(self, language: str) -> list[tuple[str, str]]:
        return [(str(i), label) for i, label in enumerate(self.said("options", language) or [], start=1)]

    @property
    def values(self) -> list[int]:
        return list(range(self.low, self.high + 1))

    def asked_of(self, group: str) -> bool:
        return not self.shown_to or group in self.shown_to


class Unfit(ValueError):
    """Answers that cannot be taken: question key → what to do."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = dict(problems)


def load(rows: Iterable[Mapping[str, Any]]) -> list[Question]:
    return [Question(**{**row, "shown_to": tuple(row.get("shown_to", ()))}) for row in rows]


def dump(questions: Iterable[Question]) -> list[dict[str, Any]]:
    return [{**asdict(question), "shown_to": list(question.shown_to)} for question in questions]


def first_keys(kind: str, questions: Sequence[Question]) -> list[str]:
    """Return the keys of the questions a kind begins with: what is clickable in the mail stands first."""
    if kind == Kind.CXI:
        return [*CXI_KEYS]
    return [SCORE] if kind != Kind.FREE else [question.key for question in questions[:1]]


def read(questions: Sequence[Question], said: Mapping[str, Sequence[str]]) -> Marks:
    """Return the marks among texts as a form or the API sends them; what is left empty is left out. Raises Unfit."""
    marks, problems = Marks(), dict[str, str]()
    for question in questions:
        try:
            mark = _mark(question, [one.strip() for one in said.get(question.key, ()) if one.strip()])
        except ValueError as problem:
            problems[question.key] = str(problem)
            continue
        if mark is not None:
            marks[question.key] = mark
    if problems:
        raise Unfit(problems)
    return marks


def _mark(question: Question, said: Sequence[str]) -> Any:
    if not said:
        return None
    if question.type == "text":
        if "\0" in said[0] or len(said[0]) > LONGEST_TEXT:
            raise ValueError(_("Write at most %(n)s characters.") % {"n": LONGEST_TEXT})
        return said[0]
    if question.type == "rating":
        if said[0] not in map(str, question.values):
            raise ValueError(
                _("Choose a number from %(low)s to %(high)s.") % {"low": question.low, "high": question.high}
            )
        return int(said[0])
    known = [value for value, _label in question.options("")]
    if not set(said) <= set(known) or (question.type == "choice" and len(set(said)) > 1):
        raise ValueError(_("Choose among the answers offered."))
    return said[0] if question.type == "choice" else [value for value in known if value in said]


def missing(kind: str, questions: Sequence[Question], marks: Marks) -> dict[str, str]:
    """Return what must be answered and is not, of what is asked of everybody: question key → what to do."""
    needed = {*first_keys(kind, questions)} if kind != Kind.FREE else set()
    unanswered = [q for q in questions if (q.is_required or q.key in needed) and not q.shown_to and q.key not in marks]
    return {q.key: _("Please answer this one.") for q in unanswered}


def scored(kind: str, marks: Marks) -> tuple[int | None, Group | None]:
    """Return the score and the group of an answer; None for own questions, and for CXI that is not whole."""
    if kind == Kind.FREE:
        return None, None
    if kind == Kind.CXI:
        if any(key not in marks for key in CXI_KEYS):
            return None, None
        net = sum((marks[k] >= statistics.TOP) - (marks[k] <= statistics.BOTTOM) for k in CXI_KEYS)
        return net, _of_three(Kind.CXI, net > 0, net < 0)
    score = marks.get(SCORE)
    return (None, None) if score is None else (score, group(kind, score))


def group(kind: str, score: int) -> Group:
    """Return the group of a score of NPS, CSAT or effort."""
    if kind == Kind.NPS:
        return _of_three(Kind.NPS, score >= statistics.PROMOTER, score <= statistics.DETRACTOR)
    if kind == Kind.CSAT:
        return _of_three(Kind.CSAT, score >= statistics.SATISFIED, score < statistics.SATISFIED - 1)
    return _of_three(Kind.EFFORT, score >= statistics.EASY, score < statistics.EASY - 1)


def _of_three(kind: Kind, is_good: bool, is_bad: bool) -> Group:
    good, middle, bad = GROUPS[kind]
    return good if is_good else bad if is_bad else middle


def comment_in(questions: Sequence[Question], marks: Marks) -> str:
    """Return what was written, in the order of the questions."""
    return "\n\n".join(marks[q.key] for q in questions if q.type == "text" and marks.get(q.key))
