"""Templates of surveys: each kind's own, and some for usual occasions, in every language of the installation."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from surveys import kinds
from surveys.kinds import effort, nps
from surveys.kinds.base import SCORE
from surveys.kinds.template import Template, TemplateQuestion, Words, agreement
from surveys.questionnaire.questions import Question

SUPPORT_EFFORT = Template(
    "support-effort", _("Support effort in three parts"), "effort",
    _("Where support costs effort: reaching you, waiting, getting it solved."),
    _("How easy was our support?"), _("How easy was our support?"),
    _("Tell us where it was easy and where it was not."),
    (
        effort.QUESTION,
        agreement("contact-channel", _("It was easy to reach you by the way I chose."), effort.SCALE),
        agreement("waiting", _("I did not have to wait long."), effort.SCALE),
        agreement("resolution", _("My issue was solved without my having to come back."), effort.SCALE),
        effort.WHY_HARD,
    ),
)  # fmt: skip
ONBOARDING = Template(
    "onboarding", _("After onboarding"), "effort",
    _("How the start went, and what is missing. Ask after the event that ends onboarding."),
    _("How was the start?"), _("How was the start?"), _("You have just begun with us. Was it easy?"),
    (
        agreement(SCORE, _("It was easy to get started."), effort.SCALE, is_required=True),
        TemplateQuestion(
            "missing", _("What do you still miss?"), "choices",
            options=(_("Data from our other tools"), _("Training for my team"), _("A plan for what comes next"),
                     _("Nothing")),
        ),
        effort.WHY_HARD,
    ),
)  # fmt: skip
RENEWAL = Template(
    "renewal", _("Before a renewal"), "nps",
    _("What has to change while there is time. Ask two months before the renewal."),
    _("Before your contract renews"), _("Before your contract renews: one question"),
    _("We want to keep earning your trust. Tell us how we are doing."),
    (
        nps.QUESTION,
        TemplateQuestion(
            "wrong", _("What has to change before you renew?"), shown_to=(nps.DETRACTOR.name, nps.PASSIVE.name)
        ),
    ),
)  # fmt: skip
OCCASIONS = (SUPPORT_EFFORT, ONBOARDING, RENEWAL)
# As they are offered: the first ones are what most companies begin with.
_FIRST = ("nps", "csat", "effort", "support-effort", "cxi", "onboarding", "renewal")


def _offered() -> dict[str, Template]:
    every = {template.name: template for template in (*(kind.template for kind in kinds.KINDS.values()), *OCCASIONS)}
    return {name: every[name] for name in dict.fromkeys((*_FIRST, *every))}


TEMPLATES: dict[str, Template] = _offered()


def texts(template: Template, languages: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the texts of a survey, language → name → words."""
    names = ("title", "subject", "intro", "thanks")
    return {language: {name: _in(language, getattr(template, name)) for name in names} for language in languages}


def questions_of(template: Template, languages: Iterable[str]) -> list[Question]:
    languages = list(languages)
    return [_question(question, languages) for question in template.questions]


def _question(question: TemplateQuestion, languages: Iterable[str]) -> Question:
    return Question(
        key=question.key,
        type=question.type,
        low=question.scale[0],
        high=question.scale[1],
        is_required=question.is_required,
        shown_to=question.shown_to,
        texts={language: _words(question, language) for language in languages},
    )


def _words(question: TemplateQuestion, language: str) -> Mapping[str, Any]:
    texts: dict[str, Any] = {name: _in(language, getattr(question, name)) for name in ("text", "low", "high")}
    if question.options:
        texts["options"] = [_in(language, option) for option in question.options]
    return {name: words for name, words in texts.items() if words}


def _in(language: str, words: Words) -> str:
    with translation.override(language):
        return str(words)


def languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]
