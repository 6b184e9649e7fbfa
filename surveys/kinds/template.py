"""What a template of a survey is made of; its texts are translated when a survey is made from it."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

QuestionType = Literal["rating", "choice", "choices", "text"]
Words = Promise | str
THANKS = _("Thank you. A person reads every answer.")


@dataclass(frozen=True, slots=True)
class TemplateQuestion:
    """A question. `shown_to`: names of groups of answers; empty means everybody."""

    key: str
    text: Words
    type: QuestionType = "text"
    scale: tuple[int, int] = (0, 0)
    low: Words = ""
    high: Words = ""
    options: tuple[Words, ...] = ()
    is_required: bool = False
    shown_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A survey to begin with. `purpose`: when to choose it, for colleagues."""

    name: str
    label: Words
    kind: str
    purpose: Words
    title: Words
    subject: Words
    intro: Words
    questions: tuple[TemplateQuestion, ...]
    thanks: Words = THANKS


def agreement(key: str, text: Words, scale: tuple[int, int], *, is_required: bool = False) -> TemplateQuestion:
    """Return a statement to agree with, more or less."""
    return TemplateQuestion(
        key, text, "rating", scale, _("Strongly disagree"), _("Strongly agree"), is_required=is_required
    )
