"""A survey's mail sent to the colleague who asks for it, as a test. Its links lead nowhere."""

import re
from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.translation import gettext as _

from core.outbox import queue
from core.outbox.mail import MailTransport
from core.outbox.transport import Drop
from staff.models import User
from surveys.models import Survey
from surveys.sending import mails
from surveys.sending.mails import Invitations

TOKEN = "preview"  # no link has it: they are longer  # noqa: S105
KIND = "survey-test"
_BODY = re.compile(r"<body[^>]*>", re.IGNORECASE)


def send(survey: Survey, language: str, *, to: User, now: datetime) -> None:
    """Write one mail to the outbox; pressed twice within a minute, it is one. One query."""
    minute = now.replace(second=0, microsecond=0).isoformat()
    payload = {"survey": survey.pk, "colleague": to.pk, "language": language}
    queue.put(KIND, f"{KIND}:{survey.pk}:{to.pk}:{language}:{minute}", payload, now=now)


class TestMails:
    """The mail as it would be, with a word above it that says what it is."""

    transport = MailTransport

    def compose(self, payload: Mapping[str, Any], *, now: datetime) -> EmailMultiAlternatives:
        """Return the mail. Raises Drop."""
        survey = Survey.objects.filter(pk=payload["survey"]).first()
        colleague = User.objects.filter(pk=payload["colleague"], is_active=True).first()
        if survey is None or colleague is None:
            raise Drop(_("The survey or the colleague no longer exists."))
        return message(survey, str(payload["language"]), colleague.email)

    def sent(self, payload: Mapping[str, Any], *, now: datetime) -> None:
        """Nothing is counted: nobody was asked."""

    def given_up(self, payload: Mapping[str, Any], *, now: datetime, is_refused: bool) -> None:
        """Nothing is counted: nobody was asked."""


def message(survey: Survey, language: str, address: str) -> EmailMultiAlternatives:
    """Return the survey's invitation as a test: marked as one, without a header to unsubscribe."""
    mail = mails.message(survey, address, language, TOKEN, Invitations.template)
    with translation.override(survey.language_for(language)):
        note = _("This is a test, sent to you alone. Its links lead nowhere.")
        mail.subject = _("[Test] %(subject)s") % {"subject": mail.subject}
    mail.body = f"{note}\n\n{mail.body}"
    html = str(mail.alternatives[0][0])
    words = f'<p style="margin:0;padding:12px;text-align:center;font-family:sans-serif">{escape(note)}</p>'
    mail.alternatives = []
    mail.attach_alternative(_BODY.sub(lambda body: body.group() + words, html, count=1), "text/html")
    for name in ("List-Unsubscribe", "List-Unsubscribe-Post"):
        mail.extra_headers.pop(name, None)
    return mail
