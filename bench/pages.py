"""Every page at two sizes of the portfolio: p50, p95 and queries, and the ratio between them.

    .venv/bin/python -m bench.pages [--customers 1000 100000] [--events 100] [--rounds 40]

Data are made set-based (`--events` a customer). A page is asked for through Django's test client, signed in, for
customers chosen by chance; what is measured is the server's time, without the network.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.portfolio import EVENTS_OF_ONE, make
from bench.scratch import database

Path = Callable[[random.Random, int], str]

PAGES: dict[str, Path] = {
    "at-risk list": lambda chance, n: "/at-risk/",
    "customer list": lambda chance, n: "/customers/",
    "customer list, by health": lambda chance, n: "/customers/?sort=health",
    "customer list, filtered": lambda chance, n: f"/customers/?stage=active&owner={chance.randrange(1, 9)}&sort=-name",
    "profile": lambda chance, n: f"/customers/{chance.randrange(2, n + 1)}/",
}
APART: dict[str, Path] = {  # may grow more: at most 4 times
    "search, typed right": lambda chance, n: f"/customers/?q={chance.randrange(16**3):03x}",
}
EXPECTED, EXPECTED_APART, EXPECTED_DEEP = 1.5, 4.0, 2.0


@dataclass(frozen=True, slots=True)
class Figure:
    p50: float  # milliseconds
    p95: float
    queries: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--customers", type=int, nargs=2, default=[1_000, 100_000])
    parser.add_argument("--events", type=int, default=100, help="for each customer")
    parser.add_argument("--rounds", type=int, default=40)
    wishes = parser.parse_args()
    found = [measured(customers, wishes.events, wishes.rounds) for customers in wishes.customers]
    report(*wishes.customers, *found)


def measured(customers: int, events: int, rounds: int) -> dict[str, Figure]:
    """Return each page's figures at one size."""
    with database():
        make(customers, customers * events + EVENTS_OF_ONE, {})
        ask = client()
        figures = {name: figure(ask, page, customers, rounds) for name, page in (PAGES | APART).items()}
        figures |= timeline(ask, rounds)
    return figures


def client() -> Callable[[str], int]:
    """Return a function that gets a path as an admin and returns the number of queries."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from staff.models import User

    settings.ALLOWED_HOSTS.append("testserver")
    browser = Client()
    browser.force_login(User.objects.get(role="admin"))

    def ask(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(path)
            list(answer)  # a streamed page as well
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return len(asked)

    return ask


def figure(ask: Callable[[str], int], page: Path, customers: int, rounds: int) -> Figure:
    chance, times, queries = random.Random(1), [], set()
    ask(page(chance, customers))
    for _ in range(rounds):
        path = page(chance, customers)
        start = time.perf_counter()
        queries.add(ask(path))
        times.append((time.perf_counter() - start) * 1_000)
    return Figure(statistics.median(times), statistics.quantiles(times, n=20)[-1], max(queries))


def timeline(ask: Callable[[str], int], rounds: int) -> dict[str, Figure]:
    """Measure the first and the 2,000th page of the timeline of the customer with the most events."""
    from core.pagination import SIZE
    from events.models import Event
    from events.timeline import NEWEST_FIRST

    rows = Event.objects.filter(customer=1).order_by("-occurred_at", "-id")
    cursor = NEWEST_FIRST.cursor(rows[1_999 * SIZE - 1])
    pages = {"timeline, first page": "/customers/1/", "timeline, 2,000th page": f"/customers/1/?cursor={cursor}"}
    return {name: figure(ask, lambda *_, path=path: path, 1, rounds) for name, path in pages.items()}


def report(few: int, many: int, at_few: dict[str, Figure], at_many: dict[str, Figure]) -> None:
    print(f"\n{'page':<28} {few:>9,} customers: p50, p95 {many:>9,}: p50, p95   ratio of p95   queries")
    for name, before in at_few.items():
        after = at_many[name]
        ratio = after.p95 / before.p95
        allowed = EXPECTED_APART if name in APART else EXPECTED
        print(
            f"{name:<28} {before.p50:>12.1f} {before.p95:>9.1f} {after.p50:>14.1f} {after.p95:>9.1f}"
            f" {ratio:>14.2f} {'' if ratio <= allowed else '!'} {before.queries:>8} {after.queries:>3}"
        )
    first, deep = at_many["timeline, first page"], at_many["timeline, 2,000th page"]
    print(f"\nThe timeline's 2,000th page takes {deep.p95 / first.p95:.2f} times its first (aim: {EXPECTED_DEEP:.0f}).")


if __name__ == "__main__":
    main()
