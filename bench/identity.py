"""What follows a late group call and a merge: the sender's wait, seconds until settled, and how long others wait.

    .venv/bin/python -m bench.identity [--events 100000] [--others 50] [--alone 20]

A late group call moves one event, a hundredth of --events, and all of them; two customers of so many events each are
merged. Beside that a thread stores one event each 10 ms for other customers. One UPDATE of the same rows, taken back,
is what moving them would cost without history, counts, and anybody else.
"""

import argparse
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bench.ingest import TYPES
from bench.scratch import database

CHUNK = 2_000  # events stored at a time to begin with
EACH = 0.01  # seconds between two events of the others
DAYS = 30  # in which the events happened
AIM = 0.1  # seconds that an event of another customer may wait


@dataclass
class Measured:
    """What one change took, in seconds; `asked` is the wait of whoever asked for it."""

    what: str
    asked: float
    settled: float
    update: float
    others: list[float] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--others", type=int, default=50, help="customers who send meanwhile")
    parser.add_argument("--alone", type=float, default=20, help="seconds in which only those others send")
    args = parser.parse_args()
    with database():
        run(args.events, args.others, args.alone)


def run(events: int, others: int, alone: float) -> None:
    from django.utils import timezone

    from events.models import Source

    now = timezone.now()
    ours, theirs = (
        Source.objects.create(name=name, kind=Source.Kind.WRITE_KEY, created_at=now) for name in ("Ours", "Theirs")
    )
    join(theirs, "other", others, now)
    with sending(theirs, others) as waits:
        time.sleep(alone)
    show("others alone", waits)
    sizes = sorted({1, max(1, events // 100), events})
    measured = [late_call(size, ours, theirs, others) for size in sizes]
    measured.append(merge(events, ours, theirs, others))
    print(f"\n{'':<34}{'asked':>10}{'settled':>11}{'one UPDATE':>12}{'longest wait of others':>24}")
    for one in measured:
        longest = f"{max(one.others) * 1000:.0f} ms{'' if max(one.others) <= AIM else ' !'}"
        figures = f"{one.asked * 1000:>7.0f} ms{one.settled:>9.2f} s{one.update:>10.2f} s{longest:>24}"
        print(f"{one.what:<34}{figures}")


def late_call(events: int, ours: Any, theirs: Any, others: int) -> Measured:
    """Say of somebody who did so much at one customer that they belonged to another one all the while."""
    from django.utils import timezone

    from events import ingest

    now, mark = timezone.now(), f"late{events}"
    join(ours, mark, 2, now)
    store(ours, mark, 0, events, now)
    call = joining(mark, 0, 1, now - timedelta(days=DAYS + 1))
    at, to = company(f"{mark}-c0"), company(f"{mark}-c1")
    ask = lambda: ingest.record([call], source=ours, now=now)  # noqa: E731
    return measure(f"a late group call, {events:,} events", ask, at, to, events, lambda: sending(theirs, others))


def merge(events: int, ours: Any, theirs: Any, others: int) -> Measured:
    from django.utils import timezone

    from customers.curation import merges
    from customers.models import Customer

    now = timezone.now()
    join(ours, "merge", 2, now)
    for number in range(2):
        store(ours, "merge", number, events, now)
    gone, kept = (Customer.objects.get(pk=company(f"merge-c{number}")) for number in range(2))
    ask = lambda: merges.customers(kept, gone, wins=(), now=now, by=None)  # noqa: E731
    what = f"a merge, {events:,} events each"
    return measure(what, ask, gone.pk, kept.pk, 2 * events, lambda: sending(theirs, others))


def measure(what: str, ask: Callable[[], object], at: int, to: int, events: int, beside: Callable[[], Any]) -> Measured:
    """Ask for a change, and settle what follows from it, while others send."""
    from django.utils import timezone

    from events.log import resettling
    from events.models import Event

    update = plain_update(at, to)
    with beside() as waits:
        began = time.perf_counter()
        ask()
        asked = time.perf_counter() - began
        while resettling.settle(now=timezone.now()):
            pass
        settled = time.perf_counter() - began
    show(what, waits)
    there = Event.objects.live().filter(customer=to).count()
    assert there == events, f"{there} events stand where {events} belong"
    return Measured(what, asked, settled, update, waits)


def plain_update(at: int, to: int) -> float:
    """Return the seconds of writing another customer into the same rows, which is taken back."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute("UPDATE events_event SET customer_id = %s WHERE customer_id = %s", [to, at])
        seconds = time.perf_counter() - began
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM events_event")  # what it wrote is in nobody's way
    return seconds


def join(source: Any, mark: str, customers: int, now: datetime) -> None:
    """Have customers with one person each."""
    from events import ingest

    since = now - timedelta(days=DAYS + 2)
    ingest.record([joining(mark, i, i, since) for i in range(customers)], source=source, now=now)


def store(source: Any, mark: str, person: int, events: int, now: datetime) -> None:
    """Store events of one person, of the last days."""
    from events import ingest

    chance = random.Random(1)
    for start in range(0, events, CHUNK):
        numbers = range(start, min(events, start + CHUNK))
        ingest.record([track(mark, person, f"{person} {i}", now, chance) for i in numbers], source=source, now=now)


@contextmanager
def sending(source: Any, customers: int) -> Iterator[list[float]]:
    """Store events of other customers in a thread until the end, one each 10 ms; yield the seconds each took."""
    from django.db import connection
    from django.utils import timezone

    from events import ingest

    seconds: list[float] = []
    is_over = threading.Event()

    def work() -> None:
        chance = random.Random(2)
        try:
            while not seconds or not is_over.wait(EACH):  # at least one
                now = timezone.now()
                event = track("other", chance.randrange(customers), now.isoformat(), now, chance)
                began = time.perf_counter()
                ingest.record([event], source=source, now=now)
                seconds.append(time.perf_counter() - began)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield seconds
    finally:
        is_over.set()
        thread.join()


def joining(mark: str, person: int, customer: int, at: datetime) -> dict[str, object]:
    return {
        "type": "group",
        "userId": f"{mark}-u{person}",
        "groupId": f"{mark}-c{customer}",
        "messageId": f"{mark} {person} at {customer}",
        "timestamp": at.isoformat(),
    }


def track(mark: str, person: int, number: str, now: datetime, chance: random.Random) -> dict[str, object]:
    return {
        "type": "track",
        "event": chance.choice(TYPES),
        "userId": f"{mark}-u{person}",
        "messageId": f"{mark} {number}",
        "timestamp": (now - timedelta(minutes=chance.randrange(DAYS * 1440))).isoformat(),
        "properties": {"value": chance.randrange(1000)},
    }


def company(name: str) -> int:
    from customers.models import Identity, IdentityKind

    customer = Identity.objects.get(kind=IdentityKind.COMPANY, value=name).customer_id
    assert customer is not None
    return customer


def show(what: str, waits: list[float]) -> None:
    ordered = sorted(waits)
    p99, longest = ordered[int(0.99 * (len(ordered) - 1))] * 1000, ordered[-1] * 1000
    print(f"{what:<34}: {len(ordered):,} events of others, p99 {p99:.0f} ms, longest {longest:.0f} ms", flush=True)


if __name__ == "__main__":
    main()
