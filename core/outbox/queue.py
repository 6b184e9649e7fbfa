"""What leaves the house: rows written with the decision to send, sent at least once, each try noted.

    outbox.put("survey", "survey:<id>", {...}, now=now)          # in the deciding transaction
    outbox.send(clock=timezone.now)                              # by workers, as many as like

A sender leases rows, sends them one by one and notes each before it takes the next: killed, it repeats at most one,
under the same Message-ID. Stopped, it gives back what it has not begun.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any, Protocol

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.module_loading import import_string

from core.models import Delivery, Outgoing

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
AT_ONCE = 20
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720)]  # then it is given up
PERMANENT = 500  # SMTP's answers from here on are final
KEPT = timedelta(days=180)


class Drop(Exception):
    """It is not to be sent any more; the text says why, for people."""


class Composer(Protocol):
    """What a kind of message is made by (settings.OUTBOX)."""

    def compose(self, payload: Mapping[str, Any], *, now: datetime) -> EmailMessage:
        """Return the message, without a Message-ID. Raises Drop. May write: it is asked again before each try."""

    def sent(self, payload: Mapping[str, Any], *, now: datetime) -> None:
        """Note that it left; in the transaction that notes it here."""

    def given_up(self, payload: Mapping[str, Any], *, now: datetime, is_refused: bool) -> None:
        """Note that it never will, as their server refused the address or all tries failed; in that transaction."""


def put(kind: str, dedupe_key: str, payload: Mapping[str, Any], *, now: datetime) -> None:
    """Write a message to be sent now; one of the same key is left as it is. One query."""
    row = Outgoing(kind=kind, dedupe_key=dedupe_key, payload=dict(payload), due_at=now, created_at=now)
    Outgoing.objects.bulk_create([row], ignore_conflicts=True)


def send(*, clock: Callable[[], datetime], go_on: Callable[[], bool] = lambda: True) -> int:
    """Send what is due until nothing is, or `go_on` says to stop; return how many left."""
    count = 0
    while go_on() and (rows := _claim(clock())):
        with _Sender() as sender:
            while rows and go_on():
                count += sender.send(rows.pop(0), clock)
        _give_back(rows)
    return count


def replay(rows: QuerySet[Outgoing], *, now: datetime) -> int:
    """Try again what was given up (a queryset of Outgoing); return how many."""
    with transaction.atomic():
        dead = rows.filter(state=Outgoing.State.DEAD)
        again: int = dead.update(state=Outgoing.State.WAITING, due_at=now, tries=0, finished_at=None, said="")
    return again


def forget(*, now: datetime) -> int:
    """Drop what is long finished, its log with it; return how many rows. What was given up is kept."""
    done = Outgoing.objects.filter(state__in=[Outgoing.State.SENT, Outgoing.State.DROPPED])
    return done.filter(finished_at__lt=now - KEPT).delete()[0]


def message_id(row: Outgoing) -> str:
    """Return the Message-ID of each try: a receiver who got two knows them for one."""
    host = settings.PUBLIC_ADDRESS.partition("://")[2].partition(":")[0]
    return f"<{row.uid.hex}@{host}>"


@transaction.atomic
def _claim(now: datetime) -> list[Outgoing]:
    """Lease the next rows that are due. Two queries."""
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    due = Outgoing.objects.filter(free, state=Outgoing.State.WAITING, due_at__lte=now).order_by("due_at", "id")
    rows = list(due.select_for_update(skip_locked=True)[:AT_ONCE])
    for row in rows:
        row.lease, row.leased_until = row.lease + 1, now + LEASE
    ids = [row.pk for row in rows]
    Outgoing.objects.filter(pk__in=ids).update(lease=F("lease") + 1, leased_until=now + LEASE)
    return rows


def _give_back(rows: list[Outgoing]) -> None:
    for row in rows:
        _mine(row).update(leased_until=None)


def _mine(row: Outgoing) -> QuerySet[Outgoing]:
    """Return the row, if nobody else took it when its lease ran out."""
    return Outgoing.objects.filter(pk=row.pk, lease=row.lease, state=Outgoing.State.WAITING)


def _composer(kind: str) -> Composer:
    """Return what composes this kind. Raises KeyError for one that no app of today sends."""
    composer: Composer = import_string(settings.OUTBOX[kind])()
    return composer


class _Sender:
    """One connection to the mail server for a handful of messages, opened with the first of them."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None

    def __enter__(self) -> "_Sender":
        return self

    def __exit__(self, *_error: object) -> None:
        self._close()

    def send(self, row: Outgoing, clock: Callable[[], datetime]) -> bool:
        """Send one row and note what came of it; tell whether it left."""
        now = clock()
        if not _mine(row).update(leased_until=now + LEASE):
            return False  # its lease ran out while the rows before it were sent
        composer: Composer | None = None
        try:
            composer = _composer(row.kind)
            message = composer.compose(row.payload, now=now)
        except Drop as reason:
            _finish(row, Outgoing.State.DROPPED, str(reason), now)
            return False
        except Exception as error:  # one message that cannot be written must not stop the others
            logger.exception("Message %s could not be composed", row.pk)
            _failed(row, composer, f"{type(error).__name__}: {error}", now)
            return False
        return self._deliver(row, composer, message, clock)

    def _deliver(self, row: Outgoing, composer: Composer, message: EmailMessage, clock: Callable[[], datetime]) -> bool:
        message.extra_headers["Message-ID"] = message_id(row)
        try:
            message.connection = self._opened()
            message.send()
        except SMTPRecipientsRefused as refusal:
            said = "; ".join(f"{code} {words.decode(errors='replace')}" for code, words in refusal.recipients.values())
            final = all(code >= PERMANENT for code, _words in refusal.recipients.values())
            _failed(row, composer, said, clock(), is_refused=final)
            return False
        except Exception as error:  # SMTP, a provider's API, a socket: whatever it is, it is tried again
            self._close()
            _failed(row, composer, f"{type(error).__name__}: {error}", clock())
            return False
        _left(row, composer, message, clock())
        return True

    def _opened(self) -> BaseEmailBackend:
        if self._connection is None:
            self._connection = get_connection()
            self._connection.open()  # else each message would open and close one of its own
        return self._connection

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


@transaction.atomic
def _left(row: Outgoing, composer: Composer, message: EmailMessage, now: datetime) -> None:
    status = getattr(message, "anymail_status", None)
    provider_id = str(getattr(status, "message_id", "") or "")[:200]
    done = _mine(row).update(
        state=Outgoing.State.SENT, finished_at=now, leased_until=None, tries=row.tries + 1,
        provider_id=provider_id, payload={}, said="",
    )  # fmt: skip
    Delivery.objects.create(outgoing=row, at=now, is_sent=True)
    if done:
        composer.sent(row.payload, now=now)


def _finish(row: Outgoing, state: Outgoing.State, said: str, now: datetime) -> None:
    _mine(row).update(state=state, finished_at=now, leased_until=None, payload={}, said=said[:500])


@transaction.atomic
def _failed(row: Outgoing, composer: Composer | None, said: str, now: datetime, *, is_refused: bool = False) -> None:
    """Note the failure, and when to try again; after the last try it is given up, and keeps what a replay needs."""
    tries, last = row.tries + 1, is_refused or row.tries >= len(PAUSES)
    if last:
        changed = _mine(row).update(
            state=Outgoing.State.DEAD, finished_at=now, leased_until=None, tries=tries, said=said[:500]
        )
    else:
        due = now + PAUSES[row.tries]
        changed = _mine(row).update(due_at=due, leased_until=None, tries=tries, said=said[:500])
    Delivery.objects.create(outgoing=row, at=now, is_sent=False, said=said[:500])
    if changed and last and composer is not None:
        composer.given_up(row.payload, now=now, is_refused=is_refused)
