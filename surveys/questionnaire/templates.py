"""What surveys begin with: a kind's own questions, and templates for usual occasions, in every language we speak."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from surveys.models import Group, Kind
from surveys.questionnaire.questions import CXI_KEYS, SCALES, SCORE, Question, Type

Words = Promise | str
THANKS = _("Thank you. A person reads every answer.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a template, its texts still to be translated."""

    key: str
    text: Words
    type: Type = "text"
    scale: tuple[int, int] = (0, 0)
    low: Words = ""
    high: Words = ""
    options: tuple[Words, ...] = ()
    is_required: bool = False
    shown_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    name: str
    label: Words
    kind: Kind
    title: Words
    subject: Words
    intro: Words
    asked: tuple[Asked, ...]
    thanks: Words = THANKS


_NPS = Asked(
    SCORE, _("How likely are you to recommend us to a friend or colleague?"), "rating", SCALES[Kind.NPS],
    _("Not at all likely"), _("Extremely likely"), is_required=True,
)  # fmt: skip
_CSAT = Asked(
    SCORE, _("How satisfied are you with the help you received?"), "rating", SCALES[Kind.CSAT],
    _("Very dissatisfied"), _("Very satisfied"), is_required=True,
)  # fmt: skip
_EASE = Asked(
    SCORE, _("They made it easy for me to handle my issue."), "rating", SCALES[Kind.EFFORT],
    _("Strongly disagree"), _("Strongly agree"), is_required=True,
)  # fmt: skip


def _why(key: str, text: Words, *groups: Group) -> Asked:
    return Asked(key, text, shown_to=tuple(str(group) for group in groups))


def _agree(key: str, text: Words, scale: tuple[int, int]) -> Asked:
    return Asked(key, text, "rating", scale, _("Strongly disagree"), _("Strongly agree"))


_CXI = dict(
    zip(
        CXI_KEYS,
        (
            _("It was easy to get what I wanted."),
            _("They treated me with care and respect."),
            _("They understood what I needed."),
            _("In the end I got what I came for."),
        ),
        strict=True,
    )
)

TEMPLATES: dict[str, Template] = {
    one.name: one
    for one in (
        Template(
            "nps", _("Recommendation (NPS)"), Kind.NPS, _("One question"), _("One question for you"),
            _("It takes less than a minute, and a person reads it."),
            (
                _NPS,
                _why("like", _("What do you value most?"), Group.PROMOTER),
                _why("lift", _("What would make it a 9 or a 10?"), Group.PASSIVE),
                _why("wrong", _("We are sorry. What went wrong?"), Group.DETRACTOR),
            ),
        ),
        Template(
            "csat", _("Satisfaction after a ticket (CSAT)"), Kind.CSAT, _("How did we do?"),
            _("How did we do?"), _("You asked our support for help. Tell us how it went."),
            (
                _CSAT,
                _why("wrong", _("What should we have done better?"), Group.DISSATISFIED, Group.NEUTRAL),
                _why("like", _("What did we do well?"), Group.SATISFIED),
            ),
        ),
        Template(
            "effort", _("Effort (CES 2.0)"), Kind.EFFORT, _("Was it easy?"), _("Was it easy?"),
            _("One click helps us to remove obstacles."),
            (
                _EASE,
                _why("wrong", _("What made it hard?"), Group.HARD, Group.MIDDLING),
                _why("like", _("What helped most?"), Group.EASY),
            ),
        ),
        Template(
            "support-effort", _("Support effort in three parts"), Kind.EFFORT, _("How easy was our support?"),
            _("How easy was our support?"), _("Tell us where it was easy and where it was not."),
            (
                _EASE,
                _agree("contact-channel", _("It was easy to reach you by the way I chose."), SCALES[Kind.EFFORT]),
                _agree("waiting", _("I did not have to wait long."), SCALES[Kind.EFFORT]),
                _agree("resolution", _("My issue was solved without my having to come back."), SCALES[Kind.EFFORT]),
                _why("wrong", _("What made it hard?"), Group.HARD, Group.MIDDLING),
            ),
        ),
        Template(
            "cxi", _("Experience in four questions (CXI)"), Kind.CXI, _("Four short questions"),
            _("Four short questions for you"), _("How was it, the last time you dealt with us?"),
            (
                *(Asked(key, text, "rating", SCALES[Kind.CXI], _("Strongly disagree"), _("Strongly agree"),
                        is_required=True) for key, text in _CXI.items()),
                _why("wrong", _("What should change first?"), Group.DISSATISFIED, Group.NEUTRAL),
            ),
        ),
        Template(
            "onboarding", _("After onboarding"), Kind.EFFORT, _("How was the start?"), _("How was the start?"),
            _("You have just begun with us. Was it easy?"),
            (
                Asked(SCORE, _("It was easy to get started."), "rating", SCALES[Kind.EFFORT],
                      _("Strongly disagree"), _("Strongly agree"), is_required=True),
                Asked("missing", _("What do you still miss?"), "choices",
                      options=(_("Data from our other tools"), _("Training for my team"),
                               _("A plan for what comes next"), _("Nothing"))),
                _why("wrong", _("What made it hard?"), Group.HARD, Group.MIDDLING),
            ),
        ),
        Template(
            "renewal", _("Before a renewal"), Kind.NPS, _("Before your contract renews"),
            _("Before your contract renews: one question"), _("We want to earn the next year. Tell us how we stand."),
            (_NPS, _why("wrong", _("What has to change before you renew?"), Group.DETRACTOR, Group.PASSIVE)),
        ),
        Template(
            "free", _("Own questions"), Kind.FREE, _("A question"), _("A question for you"), "",
            (Asked("question", _("What is the one thing we should improve?"), is_required=True),),
        ),
    )
}  # fmt: skip


def texts(template: Template, languages: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the texts of a survey, language → name → words."""
    names = ("title", "subject", "intro", "thanks")
    return {language: {name: _in(language, getattr(template, name)) for name in names} for language in languages}


def questions_of(template: Template, languages: Iterable[str]) -> list[Question]:
    languages = list(languages)
    return [_question(asked, languages) for asked in template.asked]


def _question(asked: Asked, languages: Iterable[str]) -> Question:
    return Question(
        key=asked.key,
        type=asked.type,
        low=asked.scale[0],
        high=asked.scale[1],
        is_required=asked.is_required,
        shown_to=asked.shown_to,
        texts={language: _words(asked, language) for language in languages},
    )


def _words(asked: Asked, language: str) -> Mapping[str, Any]:
    found: dict[str, Any] = {name: _in(language, getattr(asked, name)) for name in ("text", "low", "high")}
    if asked.options:
        found["options"] = [_in(language, one) for one in asked.options]
    return {name: words for name, words in found.items() if words}


def _in(language: str, words: Words) -> str:
    with translation.override(language):
        return str(words)


def languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]
