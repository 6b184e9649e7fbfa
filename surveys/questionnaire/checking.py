"""What is missing or wrong before a survey can start, by field, in words."""

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from surveys import kinds
from surveys.models import Survey
from surveys.questionnaire.questions import (
    MOST_OPTIONS,
    MOST_QUESTIONS,
    TYPES,
    Question,
    first_keys,
    load,
)

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")
LONGEST = {"title": 200, "subject": 200, "intro": 2_000, "thanks": 2_000}


def problems(survey: Survey) -> dict[str, list[str]]:
    """Return what is wrong, field → texts; empty when it can be put to people."""
    by_field: dict[str, list[str]] = {}
    for field, words in (*_survey_problems(survey), *_problems_of_questions(survey)):
        by_field.setdefault(field, []).append(words)
    return by_field


def _survey_problems(survey: Survey) -> Iterator[tuple[str, str]]:
    known = dict(settings.LANGUAGES)
    if not survey.name.strip() or len(survey.name) > 100:
        yield "name", _("Give it a name of 1 to 100 characters.")
    if not survey.languages or not set(survey.languages) <= set(known):
        yield "languages", _("Choose at least one of: %(known)s.") % {"known": ", ".join(known)}
        return
    if not _COLOUR.fullmatch(survey.colour):
        yield "colour", _("A colour looks like #1257b0.")
    if any(not ORIGIN.fullmatch(origin) for origin in survey.widget_origins):
        yield "widget_origins", _("A site looks like https://app.example.")
    yield from _text_problems(survey)


def _text_problems(survey: Survey) -> Iterator[tuple[str, str]]:
    for language in survey.languages:
        texts = survey.texts.get(language, {})
        for name in ("title", "subject"):
            if not str(texts.get(name, "")).strip():
                yield "texts", _("The %(name)s in “%(language)s” is missing.") % {"name": name, "language": language}
        for name, text in texts.items():
            if name not in LONGEST or not isinstance(text, str) or len(text) > LONGEST[name] or "\0" in text:
                yield "texts", _("The text “%(name)s” cannot be taken, or is too long.") % {"name": str(name)[:40]}
            elif name == "subject" and set(text) & {"\r", "\n"}:
                yield "texts", _("A subject is one line.")


def _problems_of_questions(survey: Survey) -> Iterator[tuple[str, str]]:
    try:
        listed = load(survey.questions)
    # The API passes what it was sent: rows may lack a field, have another, or be no objects.
    except (TypeError, ValueError, AttributeError):
        yield "questions", _("This is not a valid list of questions.")
        return
    if not 1 <= len(listed) <= MOST_QUESTIONS:
        yield "questions", _("Ask 1 to %(n)s questions.") % {"n": MOST_QUESTIONS}
        return
    keys = [question.key for question in listed]
    needed = first_keys(survey.kind, listed)
    if keys[: len(needed)] != needed:
        yield "questions", _("This kind begins with: %(keys)s.") % {"keys": ", ".join(needed)}
    # As text, because a key may be anything yet, a list among others.
    if len(set(map(str, keys))) < len(keys):
        yield "questions", _("Two questions have the same key.")
    for question in listed:
        for words in _problems_of_question(survey, question, is_first=question.key in needed):
            yield "questions", f"{str(question.key)[:40]}: {words}"


def _problems_of_question(survey: Survey, question: Question, *, is_first: bool) -> Iterator[str]:
    if not isinstance(question.key, str) or not _KEY.fullmatch(question.key):
        yield _("A key is up to 40 small letters, digits and hyphens.")
    if question.type not in TYPES:
        yield _("A question is one of: %(types)s.") % {"types": ", ".join(TYPES)}
        return
    kind = kinds.get(survey.kind)
    if is_first and kind.has_score and (question.type, question.low, question.high) != ("rating", *kind.scale):
        low, high = kind.scale
        yield _("It is a rating from %(low)s to %(high)s.") % {"low": low, "high": high}
    if question.type == "rating" and not _is_scale(question.low, question.high):
        yield _("A scale has 2 to 11 whole numbers, from 0 or 1.")
    if unknown := set(question.shown_to) - {group.name for group in kind.groups}:
        yield _("There is no group “%(group)s” in this kind.") % {"group": str(sorted(map(str, unknown))[0])[:40]}
    if is_first and question.shown_to:
        yield _("The first question must go to everyone.")
    if not isinstance(question.texts, dict) or not all(isinstance(texts, dict) for texts in question.texts.values()):
        yield _("Its texts are given by language.")
        return
    for language in survey.languages:
        yield from _wording_problems(question, language)


def _is_scale(low: Any, high: Any) -> bool:
    # Not isinstance: True is an int, and would be a scale from 1.
    return type(low) is int and type(high) is int and low in (0, 1) and 2 <= high - low + 1 <= 11


def _wording_problems(question: Question, language: str) -> Iterator[str]:
    texts = question.texts.get(language, {})
    text = texts.get("text")
    if not isinstance(text, str) or not text.strip() or len(text) > 500 or "\0" in text:
        yield _("Its text in “%(language)s” is missing or too long.") % {"language": language}
    options = texts.get("options", [])
    if question.type in ("choice", "choices"):
        # Options are answered by number, so the second must mean the same in every language.
        numbers = {len(other_texts.get("options", [])) for other_texts in question.texts.values()}
        if not 2 <= len(options) <= MOST_OPTIONS or len(numbers) > 1 or not all(map(str, options)):
            yield _("It needs 2 to %(n)s answers to choose from, as many in each language.") % {"n": MOST_OPTIONS}
