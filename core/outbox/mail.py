"""The transport of e-mail: one connection to the mail server for a handful of messages."""

import uuid
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from core.outbox.transport import Refused

PERMANENT = 500  # SMTP's answers from here on are final (RFC 5321, 4.2.1)


class MailTransport:
    """Carries EmailMessages. The Message-ID is made of the row's uid: a receiver who got two knows them for one."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None

    def send(self, message: EmailMessage, *, uid: uuid.UUID) -> str:
        message.extra_headers["Message-ID"] = message_id(uid)
        message.connection = self._opened()
        try:
            message.send()
        except SMTPRecipientsRefused as refusal:
            answers = refusal.recipients.values()
            text = "; ".join(f"{code} {words.decode(errors='replace')}" for code, words in answers)
            raise Refused(text, is_final=all(code >= PERMANENT for code, _words in answers)) from refusal
        # Set by django-anymail's backends; plain SMTP knows no id but ours.
        status = getattr(message, "anymail_status", None)
        return str(getattr(status, "message_id", "") or "")

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _opened(self) -> BaseEmailBackend:
        if self._connection is None:
            connection = get_connection()
            connection.open()  # else each message would open and close one of its own
            self._connection = connection
        return self._connection


def reaches_people() -> bool:
    """Tell whether mail leaves this installation at all: with nothing configured it is written to files."""
    return not settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")


def message_id(uid: uuid.UUID) -> str:
    """Return the Message-ID of a message, the same in each try."""
    # A Message-ID needs a domain that is ours (RFC 5322, 3.6.4).
    host = settings.PUBLIC_ADDRESS.partition("://")[2].partition(":")[0]
    return f"<{uid.hex}@{host}>"
