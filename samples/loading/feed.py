"""Feeds messages to `events.ingest` in batches, as a declared import of the past, and counts them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from events import ingest
from events.models import Source

BATCH = 2_000  # what one request may hold, too; even, so that identify and group calls stay together

Message = Mapping[str, Any]


@dataclass(slots=True)
class Tally:
    """What became of everything that was `read`: each is stored, a duplicate, rejected, or skipped for a reason.

    `beside` counts what was written apart from it."""

    read: int = 0
    stored: int = 0
    duplicates: int = 0
    rejected: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    beside: Counter[str] = field(default_factory=Counter)

    def lines(self) -> Iterator[str]:
        yield f"{self.read:>9,} read"
        yield f"{self.stored:>9,} stored"
        yield f"{self.duplicates:>9,} stored before"
        yield f"{self.rejected:>9,} rejected"
        for reason, number in sorted(self.skipped.items()):
            yield f"{number:>9,} skipped: {reason}"
        for what, number in self.beside.items():
            yield f"{number:>9,} beside them: {what}"


def feed(messages: Iterable[Message], tally: Tally, *, source: Source, now: datetime) -> None:
    """Record the messages. They best come customer by customer: a batch then touches few. Safe to repeat."""
    waiting = iter(messages)
    while batch := list(islice(waiting, BATCH)):
        outcome = ingest.record(batch, source=source, now=now, history=True)
        tally.stored += outcome.stored
        tally.duplicates += outcome.duplicates
        tally.rejected += outcome.rejected


def counted(messages: Iterable[Message], total: int, progress: Callable[[int, int], None]) -> Iterator[Message]:
    """Pass the messages on and report how many went by."""
    for done, message in enumerate(messages, 1):
        yield message
        if done % BATCH == 0 or done == total:
            progress(done, total)


def until(moment: datetime, messages: Iterable[Message], tally: Tally) -> Iterator[Message]:
    """Leave out what has not happened yet at the moment the sample was first loaded, and count it."""
    last = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    for message in messages:
        tally.read += 1
        # Compared as texts: both are UTC in one format.
        if message["timestamp"] <= last:
            yield message
        else:
            tally.skipped["later than the hour of loading"] += 1
