"""Withdrawing the events of a source: seconds, and how long another customer's ingestion waits meanwhile.

    .venv/bin/python -m bench.corrections [--events 100000] [--customers 30] [--others 2000]

One thread stores a batch of another customer again and again, first alone, then beside the correction.
"""

import argparse
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from bench.ingest import TYPES
from bench.scratch import database, timed

BATCH = 100  # events of the other customer at a time
CHUNK = 2_000  # events stored at a time to begin with


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--customers", type=int, default=30)
    parser.add_argument("--others", type=int, default=2_000, help="customers besides, with ten events each")
    parser.add_argument("--alone", type=float, default=20, help="seconds of storing without a correction")
    args = parser.parse_args()
    with database():
        run(args.events, args.customers, args.others, args.alone)


def run(events: int, customers: int, others: int, alone: float) -> None:
    from django.utils import timezone

    from events.corrections import lifecycle, work
    from events.models import Event, Source
    from scoring.runs import run as scoring

    now = timezone.now()
    wrong, good = (
        Source.objects.create(name=name, kind=Source.Kind.WRITE_KEY, created_at=now) for name in ("Wrong", "Good")
    )
    times: dict[str, float] = {}
    with timed(f"{events:,} events of a source at {customers} customers, {others:,} customers besides", times):
        store(events, customers, wrong, "wrong", now)
        store(10 * (others + customers), customers + others, good, "good", now)
        while scoring.score_changed(now=now):
            pass
    with storing(good) as waits:
        time.sleep(alone)
    print(f"{max(waits):>9.3f} s  longest of {len(waits):,} batches of another customer, alone")
    job = lifecycle.withdraw(source=wrong, now=timezone.now(), by=None)
    with timed("preview: counted, and scores compared", times):
        work.go_on(clock=timezone.now)
    job.refresh_from_db()
    lifecycle.carry_out(job, now=timezone.now(), by=None)
    with storing(good) as waits, timed(f"{job.events:,} events withdrawn", times):
        finish(job)
    print(f"{max(waits):>9.3f} s  longest of {len(waits):,} batches of another customer, meanwhile")
    left = Event.objects.live().filter(source=wrong).count()
    assert not left, f"{left} events still stand"
    lifecycle.undo(job, now=timezone.now(), by=None)
    with timed("all of it undone", times):
        finish(job)
    assert Event.objects.live().filter(source=wrong).count() == events


def finish(job: Any) -> None:
    from django.utils import timezone

    from events.corrections import work

    job.refresh_from_db()
    while job.state in job.waiting_states:
        work.go_on(clock=timezone.now)
        job.refresh_from_db()


def store(events: int, customers: int, source: Any, mark: str, now: datetime) -> None:
    """Store events of the last 30 days, evenly over the customers."""
    from events import ingest

    chance = random.Random(1)
    for start in range(0, events, CHUNK):
        numbers = range(start, min(events, start + CHUNK))
        ingest.record([message(i % customers, f"{mark}{i}", now, chance) for i in numbers], source=source, now=now)


def message(customer: int, message_id: str, now: datetime, chance: random.Random) -> dict[str, object]:
    return {
        "type": "track",
        "event": chance.choice(TYPES),
        "userId": f"u{customer}-{chance.randrange(5)}",
        "context": {"groupId": f"c{customer}"},
        "messageId": message_id,
        "timestamp": (now - timedelta(minutes=chance.randrange(30 * 1440))).isoformat(),
        "properties": {"value": chance.randrange(1000)},
    }


@contextmanager
def storing(source: Any) -> Iterator[list[float]]:
    """Store batches of another customer in a thread until the end; yield the seconds that each took."""
    from django.db import connection
    from django.utils import timezone

    from events import ingest

    seconds: list[float] = []
    is_over = threading.Event()

    def work() -> None:
        chance = random.Random(2)
        try:
            while not is_over.is_set():
                now = timezone.now()
                batch = [message(10**6, f"{now}{i}", now, chance) for i in range(BATCH)]
                start = time.perf_counter()
                ingest.record(batch, source=source, now=now)
                seconds.append(time.perf_counter() - start)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield seconds
    finally:
        is_over.set()
        thread.join()


if __name__ == "__main__":
    main()
