"""Invitations as mail: in the contact's language, in HTML and as text, with the first question to be clicked.

What the outbox calls (settings.OUTBOX): the guard decides here, right before each mail leaves.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from core.days import business_day
from core.outbox.mail import MailTransport
from core.outbox.transport import Drop
from customers import curation
from customers.models import Customer
from staff.company import sender, sender_name
from staff.models import Company
from surveys.answering import tallies
from surveys.answering.tallies import Step
from surveys.look import look
from surveys.models import Dropped, Invitation, InvitationState, Survey
from surveys.questionnaire import questions
from surveys.questionnaire.colours import shades
from surveys.sending import guard, legal_basis


class Invitations:
    """The first mail of an invitation."""

    transport = MailTransport
    template = "surveys/mail/invitation"

    def compose(self, payload: Mapping[str, Any], *, now: datetime) -> EmailMultiAlternatives:
        """Return the mail, the guard passed. Raises Drop."""
        invitation = _invitation(payload)
        if invitation is None or invitation.contact is None:
            raise Drop(Dropped.GONE.label)
        if invitation.answered_at is not None:  # it was sent, and the worker died before noting that
            self.sent(payload, now=now)
            raise Drop(_("It has been answered."))
        if refusal := _refusal(invitation, now):
            self.drop(invitation, refusal, now)
            raise Drop(str(refusal.label))
        address = invitation.contact.email
        return message(invitation.survey, address, invitation.contact.locale, str(payload["token"]), self.template)

    def drop(self, invitation: Invitation, why: Dropped, now: datetime) -> None:
        """Note why it was not sent, once: a repeat counts nothing."""
        rows = _row(invitation).filter(state=InvitationState.WAITING)
        with transaction.atomic():
            if rows.update(state=InvitationState.DROPPED, reason=why):
                tallies.add(tallies.step(invitation.survey_id, business_day(now), f"dropped:{why}"))

    def sent(self, payload: Mapping[str, Any], *, now: datetime) -> None:
        """Note that it was sent, once: the outbox sends at least once."""
        if (invitation := _invitation(payload)) is not None:
            waited = [InvitationState.WAITING, InvitationState.FAILED]
            if _row(invitation).filter(state__in=waited).update(state=InvitationState.SENT, sent_at=now):
                tallies.add(tallies.step(invitation.survey_id, business_day(now), Step.SENT))

    def given_up(self, payload: Mapping[str, Any], *, now: datetime, is_refused: bool) -> None:
        """Note the failure and give the contact's turn back; a refused address is not tried again."""
        if (invitation := _invitation(payload)) is None:
            return
        if _row(invitation).filter(state=InvitationState.WAITING).update(state=InvitationState.FAILED):
            tallies.add(tallies.step(invitation.survey_id, business_day(now), Step.FAILED))
        guard.release(invitation)
        if is_refused:
            guard.note_bounce(invitation, now=now)


class Reminders(Invitations):
    """The one reminder, to a contact who was asked and has not answered."""

    template = "surveys/mail/reminder"

    def drop(self, invitation: Invitation, why: Dropped, now: datetime) -> None:
        """Nothing is written: the invitation itself was sent, and that stays counted."""

    def sent(self, payload: Mapping[str, Any], *, now: datetime) -> None:
        """Nothing is counted: the invitation was, when it was sent first."""

    def given_up(self, payload: Mapping[str, Any], *, now: datetime, is_refused: bool) -> None:
        """Nothing is written: the invitation itself was sent, and that stays counted."""


def _invitation(payload: Mapping[str, Any]) -> Invitation | None:
    rows = Invitation.objects.select_related("survey", "contact", "customer").defer(
        "contact__traits", "contact__set_at", "customer__attributes"
    )
    wanted = rows.filter(id=payload["invitation"])
    invitation: Invitation | None = wanted.filter(customer_id=payload["customer"]).first()
    if invitation is None and (merged := curation.where(Customer, payload["customer"])) is not None:
        return wanted.filter(customer_id=merged).first()
    return invitation


def _row(invitation: Invitation) -> Any:
    return Invitation.objects.filter(customer_id=invitation.customer_id, id=invitation.id)


def _refusal(invitation: Invitation, now: datetime) -> Dropped | None:
    if not invitation.survey.takes_answers(business_day(now)):
        return Dropped.CLOSED
    assert invitation.contact is not None
    if invitation.contact.removed_at is not None or invitation.customer.removed_at is not None:
        return Dropped.GONE
    return guard.admit(invitation, now=now)


def message(survey: Survey, address: str, locale: str, token: str, template: str) -> EmailMultiAlternatives:
    """Return a mail of a survey to an address. Raises nothing that depends on what was written in the survey."""
    language, company = survey.language_for(locale), Company.objects.current()
    with translation.override(language):
        context = _context(survey, company, language, token)
        mail = EmailMultiAlternatives(
            subject=_subject(survey, language, template),
            body=render_to_string(f"{template}.txt", context),
            from_email=sender(company),
            to=[address],
            headers=_headers(context["unsubscribe"]),
        )
        mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    mail.tags, mail.metadata = ["survey"], {}  # type: ignore[attr-defined] # anymail's
    return mail


def _headers(unsubscribe: str) -> dict[str, str]:
    """Let the reader's mail program offer one click (RFC 8058), and keep out-of-office answers away (RFC 3834)."""
    return {
        "List-Unsubscribe": f"<{unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }


def _subject(survey: Survey, language: str, template: str) -> str:
    words = " ".join(survey.text("subject", language).split()) or survey.name
    return _("Reminder: %(subject)s") % {"subject": words} if template == Reminders.template else words


def _context(survey: Survey, company: Company, language: str, token: str) -> dict[str, Any]:
    link, shown = f"{settings.PUBLIC_ADDRESS}/s/{token}/", look(survey, company)
    survey_questions = questions.load(survey.questions)
    first = survey_questions[0] if survey_questions else None
    is_scale = first is not None and first.type == "rating"
    return {
        "survey": survey,
        "language": language,
        "title": survey.text("title", language),
        "intro": survey.text("intro", language),
        "question": first.text("text", language) if first else "",
        "is_scale": is_scale,
        "low": first.text("low", language) if first and is_scale else "",
        "high": first.text("high", language) if first and is_scale else "",
        "choices": _choices(first, link, language),
        "is_long": sum(not question.shown_to for question in survey_questions) > 1,
        "link": link,
        "unsubscribe": f"{link}unsubscribe/",
        "logo": f"{settings.PUBLIC_ADDRESS}{shown.logo}" if shown.logo else "",
        "sender": sender_name(company),
        "why": legal_basis.why(survey),
        **shades(shown.colour),
    }


def _choices(first: questions.Question | None, link: str, language: str) -> list[tuple[str, str]]:
    """Return what can be clicked: the first question's answers, with links that choose them and record nothing."""
    if first is None or first.type not in ("rating", "choice"):
        return []
    options = (
        first.options(language) if first.type == "choice" else [(str(value), str(value)) for value in first.values]
    )
    return [(label, f"{link}?a={value}") for value, label in options]
