"""Questions as a survey keeps them, and answers read by them. No database, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from surveys import kinds
from surveys.kinds.template import QuestionType

TYPES: tuple[QuestionType, ...] = ("rating", "choice", "choices", "text")
LONGEST_TEXT = 5_000
MOST_QUESTIONS, MOST_OPTIONS = 20, 20

Marks = dict[str, Any]  # question key → int of a rating, "2" of a choice, ["1", "3"] of several, text


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `texts`: language → text, low and high (words at the ends of the scale), options (labels).

    A choice is answered by the number of its option, from 1. `shown_to`: groups of answers; empty means everybody.
    """

    key: str
    type: QuestionType
    low: int = 0
    high: int = 0
    is_required: bool = False
    shown_to: tuple[str, ...] = ()
    texts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def text(self, name: str, language: str) -> Any:
        """Return a text in the language, or in the first language that has it."""
        return next(
            (texts[name] for texts in (self.texts.get(language, {}), *self.texts.values()) if texts.get(name)), ""
        )

    def options(self, language: str) -> list[tuple[str, str]]:
        return [(str(i), label) for i, label in enumerate(self.text("options", language) or [], start=1)]

    @property
    def values(self) -> list[int]:
        return list(range(self.low, self.high + 1))

    def asked_of(self, group: str) -> bool:
        return not self.shown_to or group in self.shown_to


class InvalidAnswers(ValueError):
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
    return [*kinds.get(kind).keys] or [question.key for question in questions[:1]]


def read(questions: Sequence[Question], values: Mapping[str, Sequence[str]]) -> Marks:
    """Return the marks among texts as a form or the API sends them, without those left empty.

    Raises InvalidAnswers.
    """
    marks, problems = Marks(), dict[str, str]()
    for question in questions:
        try:
            mark = _mark(question, [text.strip() for text in values.get(question.key, ()) if text.strip()])
        except ValueError as problem:
            problems[question.key] = str(problem)
            continue
        if mark is not None:
            marks[question.key] = mark
    if problems:
        raise InvalidAnswers(problems)
    return marks


def _mark(question: Question, texts: Sequence[str]) -> Any:
    if not texts:
        return None
    if question.type == "text":
        # Neither text nor jsonb of PostgreSQL can hold NUL.
        if "\0" in texts[0] or len(texts[0]) > LONGEST_TEXT:
            raise ValueError(_("Write at most %(n)s characters.") % {"n": LONGEST_TEXT})
        return texts[0]
    if question.type == "rating":
        # Compared as text: int() would also take “+9”, “0_9” and the digits of other scripts.
        if texts[0] not in map(str, question.values):
            raise ValueError(
                _("Choose a number from %(low)s to %(high)s.") % {"low": question.low, "high": question.high}
            )
        return int(texts[0])
    known = [value for value, _label in question.options("")]
    if not set(texts) <= set(known) or (question.type == "choice" and len(set(texts)) > 1):
        raise ValueError(_("Choose among the answers offered."))
    # Numbers stay texts, in the order of the options: the same choice is stored alike however it was sent.
    return texts[0] if question.type == "choice" else [value for value in known if value in texts]


def missing(kind: str, questions: Sequence[Question], marks: Marks) -> dict[str, str]:
    """Return what must be answered and is not, of what is asked of everybody: question key → what to do."""
    needed = kinds.get(kind).keys
    unanswered = [q for q in questions if (q.is_required or q.key in needed) and not q.shown_to and q.key not in marks]
    return {q.key: _("Please answer this one.") for q in unanswered}


def comment_in(questions: Sequence[Question], marks: Marks) -> str:
    """Return what was written, in the order of the questions."""
    return "\n\n".join(marks[q.key] for q in questions if q.type == "text" and marks.get(q.key))
