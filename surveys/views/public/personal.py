"""The pages behind a personal link. A GET writes nothing, whatever follows it: mail scanners open every link."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation

from core.days import utc_day
from surveys.answering import answers
from surveys.answering.answers import Closed
from surveys.models import Answer, Invitation, Via
from surveys.questionnaire import questions
from surveys.questionnaire.questions import Unfit
from surveys.sending import optouts, tokens
from surveys.views.public import asked, frames, pages
from surveys.views.public.decorators import nowhere, page, public

MORE, CHANGE = "more", "change"  # which form was sent; the first has no name


class SeeOther(HttpResponseRedirect):
    status_code = 303


@public("GET", "HEAD", "POST")
def answer(request: HttpRequest, token: str) -> HttpResponseBase:
    now = timezone.now()
    alive = _alive(token, now)
    if alive is None:
        return nowhere()
    invitation, stands = alive
    language = pages.language(invitation.survey, request, *_wishes(invitation, stands))
    with translation.override(language):
        take = _take if request.method == "POST" else _show
        said = take(request, token, invitation, stands, language)
    return frames.allow(said, invitation.survey) if invitation.via == Via.WIDGET else said


def _alive(token: str, now: datetime) -> tuple[Invitation, Answer | None] | None:
    """Return the invitation of a link that still takes an answer or its change, and the answer. Three queries."""
    invitation = tokens.find(token, now=now)
    if invitation is None or not invitation.survey.takes_answers(utc_day(now)):
        return None
    stands = answers.standing(invitation)
    return None if stands is not None and not answers.may_change(stands, now=now) else (invitation, stands)


def _wishes(invitation: Invitation, stands: Answer | None) -> list[str]:
    """Return the languages this person is likely to read, the surest first."""
    return [stands.language if stands else "", invitation.contact.locale if invitation.contact else ""]


def _show(
    request: HttpRequest, token: str, invitation: Invitation, stands: Answer | None, language: str
) -> HttpResponse:
    chosen = request.GET.get("a", "")
    if stands is None:
        return _form(invitation, token, language, pages.chosen(invitation.survey, chosen))
    before = asked.said_before(stands)
    again = {**before, **pages.chosen(invitation.survey, chosen)}
    if "change" in request.GET or again != before:
        return _form(invitation, token, language, again, stands=stands)
    return _thanks(invitation, token, language, stands, is_done="done" in request.GET)


def _take(
    request: HttpRequest, token: str, invitation: Invitation, stands: Answer | None, language: str
) -> HttpResponse:
    """Store what a person sent, and lead back to the page, which then says thanks."""
    step = request.POST.get("step_", "")
    ours = _asked(invitation, stands, step)
    said = asked.sent(request.POST, ours)
    only = [] if stands is not None and step == CHANGE else [question.key for question in ours]
    try:
        answers.submit(invitation, said, now=timezone.now(), language=language, only=only)
    except Closed:
        return nowhere()
    except Unfit as unfit:
        return _refused(invitation, token, language, stands, step, said, unfit)
    return SeeOther(reverse("answer:answer", args=[token]) + ("?done" if step == MORE else ""))


def _asked(invitation: Invitation, stands: Answer | None, step: str) -> list[questions.Question]:
    """Return what the form that was sent had shown."""
    if stands is not None and step == CHANGE:
        return asked.answered(invitation.survey, stands)
    if stands is not None and step == MORE:
        return [one for one in questions.load(invitation.survey.questions) if one.shown_to]
    return asked.first(invitation.survey)


def _refused(
    invitation: Invitation,
    token: str,
    language: str,
    stands: Answer | None,
    step: str,
    said: asked.Said,
    unfit: Unfit,
) -> HttpResponse:
    if stands is not None and step == MORE:
        return _thanks(invitation, token, language, stands, said=said, unfit=unfit)
    before = stands if step == CHANGE else None
    return _form(invitation, token, language, said, stands=before, unfit=unfit)


def _form(
    invitation: Invitation,
    token: str,
    language: str,
    said: asked.Said,
    *,
    stands: Answer | None = None,
    unfit: Unfit | None = None,
) -> HttpResponse:
    survey = invitation.survey
    ours = asked.first(survey) if stands is None else asked.answered(survey, stands)
    return pages.form(
        survey,
        language,
        ours,
        said,
        unfit=unfit,
        address=reverse("answer:answer", args=[token]),
        step=CHANGE if stands is not None else "",
        is_framed=invitation.via == Via.WIDGET,
        unsubscribe=_way_out(invitation, token),
        started=reverse("answer:started", args=[token]) if stands is None and unfit is None else "",
    )


def _thanks(
    invitation: Invitation,
    token: str,
    language: str,
    stands: Answer,
    *,
    is_done: bool = False,
    said: asked.Said | None = None,
    unfit: Unfit | None = None,
) -> HttpResponse:
    survey = invitation.survey
    more = [] if is_done else asked.further(survey, stands)
    context = {
        **pages.look(survey, language, is_framed=invitation.via == Via.WIDGET),
        "address": reverse("answer:answer", args=[token]),
        "thanks": survey.text("thanks", language),
        "told": asked.told(survey, stands, language),
        "questions": asked.shown(more, language, said or {}, unfit.problems if unfit else None),
        "problems": bool(unfit),
        "step": MORE,
        "unsubscribe": _way_out(invitation, token),
    }
    return page("thanks", context, status=422 if unfit else 200)


def _way_out(invitation: Invitation, token: str) -> str:
    """Return where to ask for no more surveys; nothing for who gets no mail from us."""
    gets_mail = invitation.contact is not None and invitation.contact.email
    return reverse("answer:unsubscribe", args=[token]) if gets_mail else ""


@public("POST")
def started(request: HttpRequest, token: str) -> HttpResponseBase:
    """Note that a person touched the form; the page's script says so once."""
    now = timezone.now()
    alive = _alive(token, now)
    if alive is None:
        return nowhere()
    if "by_hand" in request.POST:
        answers.note_started(alive[0], now=now)
    return HttpResponse(status=204)


@public("GET", "HEAD", "POST")
def unsubscribe(request: HttpRequest, token: str) -> HttpResponseBase:
    """Ask, then send no more surveys. Mail programs post by themselves, once their reader clicked (RFC 8058)."""
    now = timezone.now()
    invitation = tokens.find(token, now=None)
    if invitation is None or invitation.contact is None:
        return nowhere()
    with translation.override(pages.language(invitation.survey, request, invitation.contact.locale)):
        said = request.POST if request.method == "POST" else {}
        if "again" in said:
            optouts.opt_in(invitation)
        elif "sure" in said or said.get("List-Unsubscribe") == "One-Click":
            optouts.opt_out(invitation, now=now)
        invitation.contact.refresh_from_db(fields=["survey_opt_out"])
        address = reverse("answer:unsubscribe", args=[token])
        context = {"contact": invitation.contact, "again": "again" in said, "address": address}
        look = pages.look(invitation.survey, translation.get_language() or "", is_framed=False)
        return page("unsubscribe", {**look, **context})
