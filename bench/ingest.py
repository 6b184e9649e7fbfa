"""Events per second through the door, beside a plain COPY of the same rows into a table with the same indexes.

    .venv/bin/python -m bench.ingest [--events 50000] [--customers 2000] [--clients 4]

Batches of 100 over HTTP to one server of two processes; what counts is what stands in the table afterwards.
"""

import argparse
import http.client
import json
import random
import socket
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from bench.scratch import database, timed

BATCH = 100
START_SECONDS = 120  # of the web server, on a busy machine
TYPES = ("Report created", "Signed in", "Feature used", "Page viewed", "Ticket opened", "Invoice paid")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, default=50_000)
    parser.add_argument("--customers", type=int, default=2_000)
    parser.add_argument("--clients", type=int, default=4)
    args = parser.parse_args()
    with database():
        run(args.events, args.customers, args.clients)


def run(events: int, customers: int, clients: int) -> None:
    from django.db import connection
    from django.utils import timezone

    from events import write_keys
    from events.models import Channel, Event

    key = write_keys.create("Bench", ["events:write"], channel=Channel.PRODUCT, now=timezone.now())
    people = [json.dumps({"batch": part}).encode() for part in chunks(introductions(customers))]
    batches = [json.dumps({"batch": part}).encode() for part in chunks(messages(events, customers))]
    times: dict[str, float] = {}
    with server() as port:
        with timed(f"{customers:,} people and their companies (identify, group)", times):
            send(people, port, key, clients)
        with timed(f"{events:,} events over HTTP, batches of {BATCH}, {clients} clients", times):
            send(batches, port, key, clients)
    stored = Event.objects.count()
    assert stored == events, f"{stored} of {events} events stand in the table"
    seconds = list(times.values())[-1]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_log (LIKE events_event INCLUDING ALL)")
        with cursor.copy("COPY (SELECT * FROM events_event) TO STDOUT") as out:
            rows = b"".join(bytes(block) for block in out)
        with timed("COPY of the same rows into a table with the same indexes", times):
            with cursor.copy("COPY bench_log FROM STDIN") as into:
                into.write(rows)
            cursor.execute("SELECT count(*) FROM bench_log")
    copy = list(times.values())[-1]
    print(f"\n{events / seconds:>9,.0f} events a second over HTTP")
    print(f"{events / copy:>9,.0f} rows a second by COPY")
    print(f"{copy / seconds:>9.3f} of COPY's speed")


def introductions(customers: int) -> list[dict[str, object]]:
    calls: list[dict[str, object]] = []
    for i in range(customers):
        calls.append({"type": "identify", "userId": f"u{i}", "messageId": f"i{i}", "traits": {"name": f"Person {i}"}})
        calls.append(
            {
                "type": "group",
                "userId": f"u{i}",
                "groupId": f"c{i}",
                "messageId": f"g{i}",
                "traits": {"plan": "pro"},
            }
        )
    return calls


def messages(events: int, customers: int) -> list[dict[str, object]]:
    chance = random.Random(1)
    now = datetime.now(UTC)
    return [
        {
            "type": "track",
            "event": chance.choice(TYPES),
            "userId": f"u{chance.randrange(customers)}",
            "messageId": f"m{i}",
            "timestamp": (now - timedelta(minutes=chance.randrange(30 * 1440))).isoformat(),
            "properties": {
                "plan": "pro",
                "value": chance.randrange(1000),
                "path": f"/reports/{chance.randrange(99)}",
            },
            "context": {"library": {"name": "bench", "version": "1"}},
        }
        for i in range(events)
    ]


def chunks(rows: list[dict[str, object]]) -> list[list[dict[str, object]]]:
    return [rows[i : i + BATCH] for i in range(0, len(rows), BATCH)]


def send(bodies: list[bytes], port: int, key: str, clients: int) -> None:
    headers = {
        "Authorization": "Basic " + b64encode(f"{key}:".encode()).decode(),
        "Content-Type": "application/json",
    }
    queue = list(reversed(bodies))
    failures: list[str] = []

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while queue:
            try:
                body = queue.pop()
            except IndexError:
                break
            connection.request("POST", "/v1/batch", body, headers)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 200:
                failures.append(f"{answer.status} {text[:200]!r}")

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        sys.exit(f"{len(failures)} batches failed, the first with {failures[0]}")


@contextmanager
def server() -> Iterator[int]:
    """Run the web server as `make run` starts it, on a free port; yield the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "1",
         "--port", str(port), "--log-level", "warning", "engagement_site.wsgi:application"]
    )  # fmt: skip
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(port: int) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up_at:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The web server did not start.")


if __name__ == "__main__":
    main()
