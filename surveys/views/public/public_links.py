"""Public links and the widget: anybody with the address may answer, as a known contact or as a stranger."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation

from core.days import business_day
from customers.models import Contact
from surveys.answering import direct_answers
from surveys.answering.answers import Closed
from surveys.models import Survey, Via
from surveys.questionnaire.questions import InvalidAnswers
from surveys.views.public import form_questions, frames, pages
from surveys.views.public.decorators import dead_link, public
from surveys.views.public.personal import SeeOther


@public("GET", "HEAD", "POST")
def to(request: HttpRequest, link: str) -> HttpResponseBase:
    return _answer(request, link, Via.LINK)


@public("GET", "HEAD", "POST")
def widget(request: HttpRequest, link: str) -> HttpResponseBase:
    """The same within a page of the company's own."""
    return _answer(request, link, Via.WIDGET)


def _answer(request: HttpRequest, link: str, via: Via) -> HttpResponse:
    named = Survey.objects.filter(link=link).first()
    survey = _open(named)
    if named is None or survey is None:
        return dead_link()
    # By the version whose link was handed out: ids are signed with a key made from that link.
    contact = _known(request, named)
    language = pages.language(survey, request, contact.locale if contact else "")
    with translation.override(language):
        if request.method == "POST":
            answer = _take(request, survey, contact, via, language)
        else:
            answer = _form(request, survey, via, language, pages.chosen(survey, request.GET.get("a", "")))
    return frames.allow(answer, survey) if via == Via.WIDGET else answer


def _open(survey: Survey | None) -> Survey | None:
    """Return the version that takes answers now: an address that was handed out leads to later versions too."""
    today = business_day(timezone.now())
    while survey is not None and not survey.takes_answers(today):
        survey = Survey.objects.filter(before=survey).first()
    return survey


def _known(request: HttpRequest, survey: Survey) -> Contact | None:
    """Return the contact who answers, if the company's own server signed the id; else None."""
    given = request.POST if request.method == "POST" else request.GET
    return direct_answers.known(given.get("user_id", ""), given.get("signature", ""), survey)


def _take(request: HttpRequest, survey: Survey, contact: Contact | None, via: Via, language: str) -> HttpResponse:
    values = form_questions.sent(request.POST, form_questions.first(survey))
    try:
        _stored, token = direct_answers.submit(
            survey, values, contact=contact, via=via, now=timezone.now(), language=language
        )
    except Closed:
        return dead_link()
    except InvalidAnswers as refusal:
        return _form(request, survey, via, language, values, refusal=refusal)
    return SeeOther(reverse("answer:answer", args=[token]))


def _form(
    request: HttpRequest,
    survey: Survey,
    via: Via,
    language: str,
    values: form_questions.Sent,
    *,
    refusal: InvalidAnswers | None = None,
) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    # There is no session to keep them in, so the form sends the id and its signature back.
    who = {name: given[name] for name in ("user_id", "signature") if given.get(name)}
    return pages.form(
        survey,
        language,
        form_questions.first(survey),
        values,
        refusal=refusal,
        address=request.path,
        who=who,
        is_framed=via == Via.WIDGET,
    )
