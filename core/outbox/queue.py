"""The outbox: messages written in the transaction that decides to send them, sent at least once, each try noted.

    queue.put("survey", "survey:<id>", {...}, now=now)           # in the deciding transaction
    queue.send(clock=timezone.now)                               # by workers, as many as like

A sender leases rows, sends them one by one and notes each before it takes the next: killed, it repeats at most one,
under the same id. Stopped, it gives back what it has not begun.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.module_loading import import_string

from core.jobs import waking
from core.models import Delivery, Outgoing
from core.outbox.transport import Composer, Drop, Refused, Transport

TASK = "core.tasks.send_outgoing"
logger = logging.getLogger(__name__)
# Well above the 20 s a mail server may take to answer (EMAIL_TIMEOUT); what a killed sender held waits so long.
LEASE = timedelta(minutes=2)
AT_ONCE = 20  # by one connection; with more, those at the end could outlive their lease
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720)]  # then it is given up
MOST_FAILURES = 3  # in a row, of one kind: then what carries it is down, and the other kinds must not wait for it
KEPT = timedelta(days=180)  # of what was sent or dropped


def put(kind: str, dedupe_key: str, payload: Mapping[str, Any], *, now: datetime) -> None:
    """Write a message to be sent now, in the caller's transaction: it leaves only if that commits. One query.

    Idempotent: a message of the same key, whatever its state, is left as it is.
    """
    row = Outgoing(kind=kind, dedupe_key=dedupe_key, payload=dict(payload), due_at=now, created_at=now)
    Outgoing.objects.bulk_create([row], ignore_conflicts=True)
    waking.after_commit(TASK)


def send(*, clock: Callable[[], datetime], go_on: Callable[[], bool] = lambda: True) -> int:
    """Send what is due until nothing is, or `go_on` says to stop; return how many left.

    At least once: a message may leave twice, under the same id, if the process dies between sending and noting it.
    Each row is noted in a transaction of its own. Runs beside any number of others. A kind whose transport fails
    MOST_FAILURES times in a row is left to the next call.
    """
    count, failures = 0, Failures()
    while go_on() and (rows := _claim(clock(), but_for=failures.left)):
        later = []
        with _Transports() as transports:
            while rows and go_on():
                row = rows.pop(0)
                if row.kind in failures.left:
                    later.append(row)
                else:
                    count += _send(row, transports, clock, failures)
        _give_back(rows + later)
    return count


def replay(rows: QuerySet[Outgoing], *, now: datetime) -> int:
    """Try again what was given up (a queryset of Outgoing); return how many."""
    with transaction.atomic():
        dead = rows.filter(state=Outgoing.State.DEAD)
        again: int = dead.update(state=Outgoing.State.WAITING, due_at=now, tries=0, finished_at=None, said="")
    waking.wake(TASK)
    return again


def forget(*, now: datetime) -> int:
    """Drop what is long finished, its log with it; return how many rows. What was given up is kept."""
    done = Outgoing.objects.filter(state__in=[Outgoing.State.SENT, Outgoing.State.DROPPED])
    return done.filter(finished_at__lt=now - KEPT).delete()[0]


@transaction.atomic
def _claim(now: datetime, *, but_for: Collection[str] = ()) -> list[Outgoing]:
    """Lease the next rows that are due, but for those of some kinds. Two queries."""
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    due = Outgoing.objects.filter(free, state=Outgoing.State.WAITING, due_at__lte=now).order_by("due_at", "id")
    rows = list(due.exclude(kind__in=but_for).select_for_update(skip_locked=True)[:AT_ONCE])
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


def _composer(kind: str) -> Composer[Any]:
    """Return what composes this kind. Raises KeyError for one that no app of today sends."""
    composer: Composer[Any] = import_string(settings.OUTBOX[kind])()
    return composer


class Failures:
    """How often the transport of each kind failed in a row, as far as one sender knows."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self.left: set[str] = set()

    def note(self, kind: str, *, failed: bool) -> None:
        self._counts[kind] = self._counts.get(kind, 0) + 1 if failed else 0
        if self._counts[kind] >= MOST_FAILURES:
            self.left.add(kind)


class _Transports:
    """The transports of a handful of messages, each made when the first message needs it."""

    def __init__(self) -> None:
        self._made: dict[type[Transport[Any]], Transport[Any]] = {}

    def __enter__(self) -> "_Transports":
        return self

    def __exit__(self, *_error: object) -> None:
        for transport in self._made.values():
            transport.close()

    def of_class(self, transport: type[Transport[Any]]) -> Transport[Any]:
        if transport not in self._made:
            self._made[transport] = transport()
        return self._made[transport]


def _send(row: Outgoing, transports: _Transports, clock: Callable[[], datetime], failures: Failures) -> bool:
    """Send one row and note the result; return whether it left."""
    now = clock()
    if not _mine(row).update(leased_until=now + LEASE):
        return False  # its lease ran out while the rows before it were sent
    composer: Composer[Any] | None = None
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
    transport = transports.of_class(composer.transport)
    try:
        provider_id = transport.send(message, uid=row.uid)
    except Refused as refusal:
        failures.note(row.kind, failed=False)  # it answers
        _failed(row, composer, str(refusal), clock(), is_refused=refusal.is_final)
        return False
    except Exception as error:  # SMTP, a provider's API, a socket: whatever it is, it is tried again
        # The connection may be what failed: the next message opens another.
        transport.close()
        failures.note(row.kind, failed=True)
        _failed(row, composer, f"{type(error).__name__}: {error}", clock())
        return False
    failures.note(row.kind, failed=False)
    _left(row, composer, provider_id, clock())
    return True


@transaction.atomic
def _left(row: Outgoing, composer: Composer[Any], provider_id: str, now: datetime) -> None:
    done = _mine(row).update(
        state=Outgoing.State.SENT, finished_at=now, leased_until=None, tries=row.tries + 1,
        provider_id=provider_id[:200], payload={}, said="",
    )  # fmt: skip
    Delivery.objects.create(outgoing=row, at=now, is_sent=True)
    if done:
        composer.sent(row.payload, now=now)


def _finish(row: Outgoing, state: Outgoing.State, outcome: str, now: datetime) -> None:
    _mine(row).update(state=state, finished_at=now, leased_until=None, payload={}, said=outcome[:500])


@transaction.atomic
def _failed(
    row: Outgoing, composer: Composer[Any] | None, failure: str, now: datetime, *, is_refused: bool = False
) -> None:
    """Note the failure, and when to try again; after the last try it is given up, and keeps what a replay needs."""
    # A refusal is final for this address; all else may be the server's trouble and is worth the next pause.
    tries, last = row.tries + 1, is_refused or row.tries >= len(PAUSES)
    if last:
        changed = _mine(row).update(
            state=Outgoing.State.DEAD, finished_at=now, leased_until=None, tries=tries, said=failure[:500]
        )
    else:
        due = now + PAUSES[row.tries]
        changed = _mine(row).update(due_at=due, leased_until=None, tries=tries, said=failure[:500])
    Delivery.objects.create(outgoing=row, at=now, is_sent=False, said=failure[:500])
    if changed and last and composer is not None:
        composer.given_up(row.payload, now=now, is_refused=is_refused)
