"""Events through the door, beside COPY of the same rows and beside a bare Django view that inserts one row.

    .venv/bin/python -m bench.ingest [--events 40000] [--customers 2000] [--connections 32] [--sizes 1 10 100 1000]

Each size is sent spread over all customers and to one alone; a fifth are repeats, one in twenty comes days late. What
counts is what stands in the tables afterwards. All in one run on one machine, client included: the ratios are what to
compare.
"""

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bench import client, web
from bench.bare import table
from bench.client import Sent
from bench.scratch import database, timed

TYPES = ("Report created", "Signed in", "Feature used", "Page viewed", "Ticket opened", "Invoice paid")
REPEATED, LATE = 0.20, 0.05
# One at a time costs a hundred times as much as by the thousand.
SHARE_OF_SIZE = {1: 0.5, 10: 0.5}
MOST_CONNECTIONS = {1000: 8}  # more would ask for the next second's work


@dataclass
class Measured:
    """What one way of sending gave; `stored` counts the events that were new."""

    size: int
    where: str
    sent: Sent
    messages: int
    memory: float

    @property
    def rate(self) -> float:
        return self.messages / self.sent.seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, default=40_000)
    parser.add_argument("--customers", type=int, default=2_000)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 10, 100, 1000])
    args = parser.parse_args()
    with database():
        run(args.events, args.customers, args.connections, args.sizes)


def run(events: int, customers: int, connections: int, sizes: Sequence[int]) -> None:
    from events.models import Event

    key = write_key()
    bare = _bare(events // 4, connections)
    measured, expected = [], 0
    with web.rapport() as served:
        introduce(customers, key, served.port)
        for size in sizes:
            for where, people in (("spread", customers), ("one", 1)):
                sending = messages(int(events * SHARE_OF_SIZE.get(size, 1)), people, f"{size} {where}")
                at_once = min(connections, MOST_CONNECTIONS.get(size, connections))
                sent = client.send(bodies(sending, size, key), served.port, connections=at_once)
                all_taken(sent)
                expected += len({message["messageId"] for message in sending})
                measured.append(Measured(size, where, sent, len(sending), served.memory()))
                _show(measured[-1])
    stored = Event.objects.count()
    assert stored == expected, f"{stored} events stand in the table, and {expected} were sent"
    _compare(measured, bare, _copy(stored))


def write_key() -> str:
    from django.utils import timezone

    from events import write_keys
    from events.models import Channel

    return write_keys.create("Bench", ["events:write"], channel=Channel.PRODUCT, now=timezone.now())


def introduce(customers: int, key: str, port: int) -> None:
    """Have all customers known, each with one person."""
    all_taken(client.send(bodies(introductions(customers), 500, key), port, connections=4))


def _bare(events: int, connections: int) -> Sent:
    table.create()
    with web.bare() as served:
        inserts = [client.request("/v1/track", json.dumps(one).encode(), "") for one in messages(events, 100, "bare")]
        sent = client.send(inserts, served.port, connections=connections)
    all_taken(sent)
    print(f"bare view, one row a request: {_figures(sent, len(inserts))}", flush=True)
    return sent


def _copy(stored: int) -> float:
    """Return how many rows a second COPY writes into a table with the same indexes."""
    from django.db import connection

    times: dict[str, float] = {}
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_log (LIKE events_event INCLUDING ALL)")
        with cursor.copy("COPY (SELECT * FROM events_event) TO STDOUT") as out:
            rows = b"".join(bytes(block) for block in out)
        with timed("COPY of the same rows into a table with the same indexes", times):
            with cursor.copy("COPY bench_log FROM STDIN") as into:
                into.write(rows)
            cursor.execute("SELECT count(*) FROM bench_log")
    return stored / next(iter(times.values()))


def _show(one: Measured) -> None:
    figures = f"{_figures(one.sent, one.messages)}, {one.memory:,.0f} MiB of the server"
    print(f"{one.size:>5} a request, {one.where:<6}: {figures}", flush=True)


def _figures(sent: Sent, messages: int) -> str:
    return (
        f"{messages / sent.seconds:>9,.0f} events/s, p50 {sent.percentile(0.5) * 1000:.1f} ms,"
        f" p99 {sent.percentile(0.99) * 1000:.1f} ms"
    )


def _compare(measured: Sequence[Measured], bare: Sent, copy: float) -> None:
    bare_rate = len(bare.waited) / bare.seconds
    print(f"\nCOPY: {copy:,.0f} rows/s; bare view: {bare_rate:,.0f} requests/s")
    spread = {one.size: one.rate for one in measured if one.where == "spread"}
    for one in measured:
        beside = f"{one.rate / bare_rate:.2f} of the bare view" if one.size == 1 else f"{one.rate / copy:.3f} of COPY"
        share = f", {one.rate / spread[one.size]:.2f} of spread" if one.where == "one" else ""
        print(f"{one.size:>5} a request, {one.where:<6}: {beside}{share}")


def bodies(sending: Sequence[dict[str, Any]], size: int, key: str) -> list[bytes]:
    if size == 1:
        return [client.request("/v1/track", json.dumps(message).encode(), key) for message in sending]
    return [client.request("/v1/batch", json.dumps({"batch": part}).encode(), key) for part in chunks(sending, size)]


def all_taken(sent: Sent) -> None:
    if sent.refused:
        raise SystemExit(f"{len(sent.refused)} requests were refused, the first with {sent.refused[0]!r}")


def introductions(customers: int) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = []
    for i in range(customers):
        calls.append({"type": "identify", "userId": f"u{i}", "messageId": f"i{i}", "traits": {"name": f"Person {i}"}})
        calls.append(
            {"type": "group", "userId": f"u{i}", "groupId": f"c{i}", "messageId": f"g{i}", "traits": {"plan": "pro"}}
        )
    return calls


def messages(events: int, customers: int, mark: str) -> list[dict[str, Any]]:
    """Return track calls of today, in which a share repeats earlier ones and a share is days late."""
    chance, now = random.Random(mark), datetime.now(UTC)
    made: list[dict[str, Any]] = []
    for i in range(events):
        if made and chance.random() < REPEATED:
            made.append(chance.choice(made[-2_000:]))
        else:
            made.append(_message(f"{mark} {i}", chance.randrange(customers), now, chance))
    return made


def _message(message_id: str, customer: int, now: datetime, chance: random.Random) -> dict[str, Any]:
    late = timedelta(days=chance.randrange(1, 30)) if chance.random() < LATE else timedelta()
    return {
        "type": "track",
        "event": chance.choice(TYPES),
        "userId": f"u{customer}",
        "messageId": message_id,
        "timestamp": (now - late - timedelta(seconds=chance.randrange(600))).isoformat(),
        "properties": {"plan": "pro", "value": chance.randrange(1000), "path": f"/reports/{chance.randrange(99)}"},
        "context": {"library": {"name": "bench", "version": "1"}},
    }


def chunks(rows: Sequence[dict[str, Any]], size: int) -> Iterator[Sequence[dict[str, Any]]]:
    for i in range(0, len(rows), size):
        yield rows[i : i + size]


if __name__ == "__main__":
    main()
