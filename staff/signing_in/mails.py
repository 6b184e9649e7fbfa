"""Mails about passwords, as the outbox composes them (settings.OUTBOX): the link is made when the mail leaves."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.outbox import queue
from core.outbox.mail import MailTransport
from core.outbox.transport import Drop
from staff.models import Company, User
from staff.signing_in import attempts, links

INVITATION, RESET = "invitation", "password-reset"


def send_invitation(colleague: User, *, now: datetime) -> None:
    """Write the mail to the outbox, in the caller's transaction. One query."""
    payload = {"colleague": colleague.pk, "invited_at": now.isoformat(), "language": get_language()}
    queue.put(INVITATION, f"{INVITATION}:{colleague.pk}:{now.isoformat()}", payload, now=now)


def send_reset(address: str, *, now: datetime) -> None:
    """Write a mail to the outbox for whoever has this address, if anybody: the work is the same. One query.

    Asked for again within five minutes, it is one mail.
    """
    period = now.replace(minute=now.minute - now.minute % 5, second=0, microsecond=0).isoformat()
    payload = {"address": address, "language": get_language()}
    queue.put(RESET, f"{RESET}:{attempts.account_of(address)}:{period}", payload, now=now)


class Invitations:
    """Asks a new colleague to choose a password."""

    transport = MailTransport
    template = "staff/mail/invitation"

    def compose(self, payload: Mapping[str, Any], *, now: datetime) -> EmailMultiAlternatives:
        """Return the mail. Raises Drop."""
        colleague = self.receiver(payload)
        if colleague is None:
            raise Drop(_("Nobody is waiting for this mail."))
        with translation.override(payload["language"]):
            return _mail(self.subject(), self.template, colleague)

    def receiver(self, payload: Mapping[str, Any]) -> User | None:
        """Return the colleague, unless they have signed in meanwhile or were invited again."""
        colleague = User.objects.filter(pk=payload["colleague"], is_active=True).first()
        if colleague is None or not links.is_invited(colleague):
            return None
        assert colleague.invited_at is not None
        return colleague if colleague.invited_at.isoformat() == payload["invited_at"] else None

    def subject(self) -> str:
        return _("%(site)s: choose your password") % {"site": site_name()}

    def sent(self, payload: Mapping[str, Any], *, now: datetime) -> None:
        """Nothing is noted."""

    def given_up(self, payload: Mapping[str, Any], *, now: datetime, is_refused: bool) -> None:
        """Nothing is noted: admins see it among the outgoing messages."""


class Resets(Invitations):
    """Sends somebody who forgot their password a link to choose another."""

    template = "staff/mail/reset"

    def receiver(self, payload: Mapping[str, Any]) -> User | None:
        """Return who has the address. The mail goes to the one on record, not to what a stranger typed."""
        return User.objects.filter(email__iexact=payload["address"], is_active=True).first()

    def subject(self) -> str:
        return _("%(site)s: a new password") % {"site": site_name()}


def site_name() -> str:
    """Return what this installation calls itself in mails: the company's name, else the name in EMAIL_FROM."""
    return Company.objects.current().name or parseaddr(settings.DEFAULT_FROM_EMAIL)[0] or "Rapport"


def _mail(subject: str, template: str, colleague: User) -> EmailMultiAlternatives:
    context = {
        "name": colleague.name,
        "site": site_name(),
        "address": settings.PUBLIC_ADDRESS,
        "link": links.link(colleague),
        "language": translation.get_language(),
    }
    mail = EmailMultiAlternatives(
        # A name may hold any character; a header's line ends at the first break.
        subject=" ".join(subject.split()),
        body=render_to_string(f"{template}.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[colleague.email],
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"},
    )
    mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    mail.tags, mail.metadata = ["password"], {}  # type: ignore[attr-defined] # anymail's
    return mail
