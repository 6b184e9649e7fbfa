"""The public form of a survey, shared by personal links, public links and the widget."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation

from staff.models import Company
from surveys import kinds
from surveys.look import look
from surveys.models import Survey
from surveys.questionnaire.questions import InvalidAnswers, Question
from surveys.sending import legal_basis
from surveys.views.public import form_questions
from surveys.views.public.decorators import page


def language(survey: Survey, request: HttpRequest, *preferred: str) -> str:
    """Return the language to ask in: the one chosen on the page, else the person's, else their browser's."""
    # The field ends in "_", as no question's key can: keys are fields of the same form.
    chosen = request.POST.get("lang_", "") or request.GET.get("lang", "")
    if chosen in survey.languages:
        return chosen
    return survey.language_for(next(filter(None, preferred), "") or translation.get_language() or "")


def chosen(survey: Survey, value: str) -> dict[str, list[str]]:
    """Return what a link in a mail chooses of the first question; nothing when it has no such answer."""
    opening = form_questions.first(survey)[:1]
    return {opening[0].key: [value]} if opening and value and form_questions.fits(opening[0], value) else {}


def appearance(survey: Survey, language: str, *, is_framed: bool) -> dict[str, Any]:
    """Return what each page of a survey needs to look like it. One query."""
    shown = look(survey, Company.objects.current())
    return {
        "survey": survey,
        "language": language,
        "title": survey.text("title", language),
        "colour": shown.colour.removeprefix("#"),
        "logo": shown.logo,
        "company": shown.company,
        "is_framed": is_framed,
        "why": legal_basis.why(survey),
    }


def form(
    survey: Survey,
    language: str,
    shown: Sequence[Question],
    sent: form_questions.Sent,
    *,
    refusal: InvalidAnswers | None = None,
    address: str,
    **more: Any,
) -> HttpResponse:
    """Return the form with these questions. Refused values stay in it, with the reasons beside them."""
    context = {
        **appearance(survey, language, is_framed=more.pop("is_framed", False)),
        "intro": survey.text("intro", language),
        "questions": form_questions.shown(
            shown, language, sent, refusal.problems if refusal else None, kinds.get(survey.kind).keys
        ),
        "problems": bool(refusal),
        "address": address,
        "languages": _others(survey, language),
        **more,
    }
    return page("form", context, status=422 if refusal else 200)


def _others(survey: Survey, language: str) -> list[tuple[str, str]]:
    """Return the languages to change to: code, and its name in itself."""
    known = [code for code, _name in settings.LANGUAGES if code in survey.languages and code != language]
    return [(code, str(translation.get_language_info(code)["name_local"])) for code in known]


def preview(survey: Survey, language: str) -> HttpResponse:
    """Return the page as it will look, for colleagues; its form stores nothing."""
    with translation.override(language):
        address = reverse("answer:answer", args=["preview"])
        return form(survey, language, form_questions.first(survey), {}, address=address, unsubscribe="", started="")
