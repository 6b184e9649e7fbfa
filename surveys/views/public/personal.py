"""The pages behind a personal link. A GET writes nothing, whatever follows it: mail scanners open every link."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation

from core.days import business_day
from surveys.answering import answers
from surveys.answering.answers import Closed
from surveys.models import Answer, Invitation, Survey, Via
from surveys.questionnaire import questions
from surveys.questionnaire.questions import InvalidAnswers
from surveys.sending import optouts, tokens
from surveys.views.public import form_questions, frames, pages
from surveys.views.public.decorators import dead_link, page, public

MORE, CHANGE = "more", "change"  # which form was sent, in the field `step_`; the first has no name


class SeeOther(HttpResponseRedirect):
    # The browser goes on with a GET, so reloading the page of thanks sends nothing again.
    status_code = 303


@dataclass(frozen=True, slots=True)
class PersonalPage:
    """A link that still takes an answer or its change. `answer`: the one that was given, if any."""

    token: str
    invitation: Invitation
    answer: Answer | None
    language: str = ""

    @property
    def survey(self) -> Survey:
        return self.invitation.survey

    @property
    def address(self) -> str:
        return reverse("answer:answer", args=[self.token])

    @property
    def is_framed(self) -> bool:
        return self.invitation.via == Via.WIDGET

    def in_language(self, request: HttpRequest) -> "PersonalPage":
        """Return the page in the language this person is most likely to read."""
        contact = self.invitation.contact
        wishes = (self.answer.language if self.answer else "", contact.locale if contact else "")
        return PersonalPage(self.token, self.invitation, self.answer, pages.language(self.survey, request, *wishes))

    def show(self, request: HttpRequest) -> HttpResponse:
        chosen = pages.chosen(self.survey, request.GET.get("a", ""))
        if self.answer is None:
            return self._form(chosen)
        before = form_questions.values_before(self.answer)
        again = {**before, **chosen}
        # A click on another number in the mail asks for the form; a click on the same one shows the thanks.
        if "change" in request.GET or again != before:
            return self._form(again, changed=self.answer)
        return self._thanks(self.answer, is_done="done" in request.GET)

    def take(self, request: HttpRequest) -> HttpResponse:
        """Store what a person sent, and lead back to the page, which then says thanks."""
        step = request.POST.get("step_", "")
        shown = self._shown_before(step)
        sent = form_questions.sent(request.POST, shown)
        # A change replaces the whole answer, so that what is emptied goes; the other steps add to it.
        only = [] if self.answer is not None and step == CHANGE else [question.key for question in shown]
        try:
            answers.submit(self.invitation, sent, now=timezone.now(), language=self.language, only=only)
        except Closed:
            # It closed, or its day for changes ended, between opening the page and storing.
            return dead_link()
        except InvalidAnswers as refusal:
            if self.answer is not None and step == MORE:
                return self._thanks(self.answer, sent=sent, refusal=refusal)
            return self._form(sent, changed=self.answer if step == CHANGE else None, refusal=refusal)
        return SeeOther(self.address + ("?done" if step == MORE else ""))

    def _shown_before(self, step: str) -> list[questions.Question]:
        """Return what the form that was sent had shown."""
        if self.answer is not None and step == CHANGE:
            return form_questions.answered(self.survey, self.answer)
        if self.answer is not None and step == MORE:
            return [question for question in questions.load(self.survey.questions) if question.shown_to]
        return form_questions.first(self.survey)

    def _form(
        self,
        sent: form_questions.Sent,
        *,
        changed: Answer | None = None,
        refusal: InvalidAnswers | None = None,
    ) -> HttpResponse:
        """Return the form: of a first answer, or of one that is `changed`."""
        shown = form_questions.answered(self.survey, changed) if changed else form_questions.first(self.survey)
        is_new = changed is None and refusal is None
        return pages.form(
            self.survey,
            self.language,
            shown,
            sent,
            refusal=refusal,
            address=self.address,
            step=CHANGE if changed is not None else "",
            is_framed=self.is_framed,
            unsubscribe=self._unsubscribe_address(),
            started=reverse("answer:started", args=[self.token]) if is_new else "",
        )

    def _thanks(
        self,
        answer: Answer,
        *,
        is_done: bool = False,
        sent: form_questions.Sent | None = None,
        refusal: InvalidAnswers | None = None,
    ) -> HttpResponse:
        more = [] if is_done else form_questions.further(self.survey, answer)
        problems = refusal.problems if refusal else None
        context = {
            **pages.appearance(self.survey, self.language, is_framed=self.is_framed),
            "address": self.address,
            "thanks": self.survey.text("thanks", self.language),
            "summary": form_questions.summary(self.survey, answer, self.language),
            "questions": form_questions.shown(more, self.language, sent or {}, problems),
            "problems": bool(refusal),
            "step": MORE,
            "unsubscribe": self._unsubscribe_address(),
        }
        return page("thanks", context, status=422 if refusal else 200)

    def _unsubscribe_address(self) -> str:
        """Return where to opt out; nothing for contacts who get no mail from us."""
        gets_mail = self.invitation.contact is not None and self.invitation.contact.email
        return reverse("answer:unsubscribe", args=[self.token]) if gets_mail else ""


@public("GET", "HEAD", "POST")
def answer(request: HttpRequest, token: str) -> HttpResponseBase:
    opened = _opened(token, timezone.now())
    if opened is None:
        return dead_link()
    opened = opened.in_language(request)
    with translation.override(opened.language):
        response = opened.take(request) if request.method == "POST" else opened.show(request)
    return frames.allow(response, opened.survey) if opened.is_framed else response


def _opened(token: str, now: datetime) -> PersonalPage | None:
    """Return the page of a link that still takes an answer or its change. Three queries."""
    invitation = tokens.find(token, now=now)
    if invitation is None or not invitation.survey.takes_answers(business_day(now)):
        return None
    given = answers.standing(invitation)
    if given is not None and not answers.may_change(given, now=now):
        return None
    return PersonalPage(token, invitation, given)


@public("POST")
def started(request: HttpRequest, token: str) -> HttpResponseBase:
    """Note that a person touched the form; the page's script says so once."""
    now = timezone.now()
    opened = _opened(token, now)
    if opened is None:
        return dead_link()
    # Set by survey.js for trusted events only: mail scanners run scripts, too.
    if "by_hand" in request.POST:
        answers.note_started(opened.invitation, now=now)
    return HttpResponse(status=204)


@public("GET", "HEAD", "POST")
def unsubscribe(request: HttpRequest, token: str) -> HttpResponseBase:
    """Confirm, then send no more surveys. Mail programs post directly, once their reader clicked (RFC 8058)."""
    now = timezone.now()
    # Expired links still opt out: a contact may refuse further mail at any time.
    invitation = tokens.find(token, now=None)
    # Nor is the contact needed: the address the mail went to refuses without one.
    if invitation is None or (invitation.contact is None and invitation.sent_to is None):
        return dead_link()
    wishes = [invitation.contact.locale] if invitation.contact else []
    with translation.override(pages.language(invitation.survey, request, *wishes)):
        posted = request.POST if request.method == "POST" else {}
        if "again" in posted:
            optouts.opt_in(invitation, now=now)
        elif "sure" in posted or posted.get("List-Unsubscribe") == "One-Click":
            optouts.opt_out(invitation, now=now)
        address = reverse("answer:unsubscribe", args=[token])
        context = {"refuses": optouts.refuses(invitation), "again": "again" in posted, "address": address}
        appearance = pages.appearance(invitation.survey, translation.get_language() or "", is_framed=False)
        return page("unsubscribe", {**appearance, **context})
