"""The questions of a public form: which are shown, what is chosen, and what is wrong with it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from surveys.models import Answer, Survey
from surveys.questionnaire import questions
from surveys.questionnaire.questions import Question

Sent = Mapping[str, Sequence[str]]  # question key → texts, as a form sends them


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    hint: str  # what the end of a scale means, for who cannot see where it stands
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """One question. `ends` of a rating: (value, words) of its lowest and highest."""

    key: str
    type: str
    text: str
    is_required: bool
    options: list[Option]
    ends: list[tuple[int, str]]
    written: str
    problem: str

    @property
    def steps(self) -> int:
        return len(self.options)


def first(survey: Survey) -> list[Question]:
    """Return the questions for everybody."""
    return [question for question in questions.load(survey.questions) if not question.shown_to]


def further(survey: Survey, answer: Answer) -> list[Question]:
    """Return the further questions of this answer's group that are not answered yet."""
    survey_questions = questions.load(survey.questions)
    return [
        question
        for question in survey_questions
        if question.shown_to and answer.group in question.shown_to and question.key not in answer.marks
    ]


def answered(survey: Survey, answer: Answer) -> list[Question]:
    """Return the questions of a form to change the answer: those of its group, and all that were answered."""
    survey_questions = questions.load(survey.questions)
    return [
        question for question in survey_questions if question.asked_of(answer.group) or question.key in answer.marks
    ]


def values_before(answer: Answer) -> dict[str, list[str]]:
    """Return an answer's marks as a form would send them."""
    return {key: list(mark) if isinstance(mark, list) else [str(mark)] for key, mark in answer.marks.items()}


def sent(posted: Any, form_questions: Iterable[Question]) -> dict[str, list[str]]:
    """Return what a form sent to these questions (a QueryDict)."""
    return {question.key: posted.getlist(question.key) for question in form_questions}


def fits(question: Question, value: str) -> bool:
    """Tell whether a link may choose the value: of a scale, or one of the answers offered."""
    if question.type == "rating":
        return value in map(str, question.values)
    # Any language will do: options are answered by their number, which is the same in all.
    return question.type != "text" and value in [number for number, _label in question.options("")]


def shown(
    form_questions: Iterable[Question],
    language: str,
    sent: Sent,
    problems: Mapping[str, str] | None = None,
    needed: Collection[str] = (),
) -> list[FormQuestion]:
    """Return questions for the page, in a language, with what was answered so far; `needed`: keys to be answered."""
    return [
        _form_question(question, language, sent.get(question.key, []), problems or {}, question.key in needed)
        for question in form_questions
    ]


def _form_question(
    question: Question, language: str, values: Sequence[str], problems: Mapping[str, str], is_needed: bool
) -> FormQuestion:
    low, high = (str(question.text(name, language)) for name in ("low", "high"))
    ends = {question.low: low, question.high: high} if question.type == "rating" else {}
    return FormQuestion(
        key=question.key,
        type=question.type,
        text=str(question.text("text", language)),
        # What only one group is asked is a further step, which may be left empty (answers.submit).
        is_required=(question.is_required and not question.shown_to) or is_needed,
        options=_options(question, language, values, ends),
        ends=[(value, words) for value, words in ends.items() if words],
        written=values[0] if values and question.type == "text" else "",
        problem=problems.get(question.key, ""),
    )


def _options(question: Question, language: str, chosen: Sequence[str], ends: Mapping[int, str]) -> list[Option]:
    if question.type == "rating":
        return [Option(str(n), str(n), ends.get(n, ""), str(n) in chosen) for n in question.values]
    return [Option(value, label, "", value in chosen) for value, label in question.options(language)]


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What somebody answered, in words, for them to see again."""

    text: str
    mark: str
    highest: int | None  # the highest of a scale


def summary(survey: Survey, answer: Answer, language: str) -> list[GivenAnswer]:
    """Return what was answered, in the order of the questions."""
    survey_questions = questions.load(survey.questions)
    return [
        _given_answer(question, answer.marks[question.key], language)
        for question in survey_questions
        if question.key in answer.marks
    ]


def _given_answer(question: Question, mark: Any, language: str) -> GivenAnswer:
    labels = dict(question.options(language))
    words = [labels.get(str(value), str(value)) for value in (mark if isinstance(mark, list) else [mark])]
    return GivenAnswer(
        text=str(question.text("text", language)),
        mark=", ".join(words),
        highest=question.high if question.type == "rating" else None,
    )
