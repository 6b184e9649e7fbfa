"""Every page at two sizes of the portfolio: p50, p95 and queries, and the ratio between them.

    .venv/bin/python -m bench.pages [--customers 1000 100000] [--events 100] [--rounds 40]

Data are made set-based (`--events` a customer). A page is asked for through Django's test client, signed in, for
customers chosen by chance; what is measured is the server's time, without the network. Both portfolios stand at the
same time, each with a process of its own, and are asked in turn: what else the machine does weighs on both alike.
"""

import argparse
import hashlib
import json
import multiprocessing
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from urllib.parse import urlencode

from bench.portfolio import EVENTS_OF_ONE, make
from bench.scratch import database
from bench.segments import rule
from engagement_site import embedded

LETTERS = str.maketrans("0123456789", "ghijklmnop")  # as people's names have them
Path = Callable[[random.Random, int], str]


def first_word(customer: int) -> str:
    """Return the first word of the customer's name, as the portfolio makes it."""
    digest = hashlib.md5(f"a{customer}".encode(), usedforsecurity=False).hexdigest()[:6]
    return digest.translate(LETTERS)


def mistyped(word: str) -> str:
    return word[:2] + word[3:]


def swapped(word: str) -> str:
    return word[:2] + word[3] + word[2] + word[4:]


SEGMENT = urlencode({"rule": json.dumps(rule("Page viewed"))})

PAGES: dict[str, Path] = {
    "today": lambda chance, n: "/today/",
    "at-risk list": lambda chance, n: "/at-risk/",
    "customer list": lambda chance, n: "/customers/",
    "customer list, by health": lambda chance, n: "/customers/?sort=health",
    "customer list, filtered": lambda chance, n: f"/customers/?stage=active&owner={chance.randrange(1, 9)}&sort=-name",
    "segment list": lambda chance, n: f"/customers/?{SEGMENT}",
    "profile": lambda chance, n: f"/customers/{chance.randrange(2, n + 1)}/",
    "timeline, first page": lambda chance, n: "/customers/1/timeline/",
    "timeline, 2,000th page": lambda chance, n: "/customers/1/timeline/?cursor={cursor}",
    "timeline, words that nothing holds": lambda chance, n: "/customers/1/timeline/?q=nothing+of+it",
}
APART: dict[str, Path] = {  # may grow more: at most 4 times
    "portfolio": lambda chance, n: "/portfolio/",
    "portfolio, by plan": lambda chance, n: "/portfolio/?by=plan&period=30",
    "totals at risk": lambda chance, n: "/at-risk/totals/",
    "search, typed right": lambda chance, n: f"/customers/?q={first_word(chance.randrange(1, n + 1))}",
    "search, a letter left out": lambda chance, n: f"/customers/?q={mistyped(first_word(chance.randrange(1, n + 1)))}",
    "search, three letters": lambda chance, n: f"/customers/?q={first_word(chance.randrange(1, n + 1))[:3]}",
    "search, letters swapped": lambda chance, n: f"/customers/?q={swapped(first_word(chance.randrange(1, n + 1)))}",
    "search, an id": lambda chance, n: f"/customers/?q=C{chance.randrange(1, n + 1)}",
    "palette": lambda chance, n: f"/search/?q={first_word(chance.randrange(1, n + 1))}",
    "palette, a letter left out": lambda chance, n: f"/search/?q={mistyped(first_word(chance.randrange(1, n + 1)))}",
}
OWN = 80  # customers of the colleague who asks
EXPECTED, EXPECTED_APART, EXPECTED_DEEP = 1.5, 4.0, 2.0


@dataclass(slots=True)
class Portfolio:
    """A portfolio that answers in a process of its own."""

    customers: int
    pipe: Connection
    cursor: str  # of the timeline's 2,000th page
    times: list[float] = field(default_factory=list)  # milliseconds
    queries: int = 0

    def get(self, path: str) -> None:
        self.pipe.send(path.replace("{cursor}", self.cursor))
        taken, queries = self.pipe.recv()
        self.times.append(taken)
        self.queries = max(self.queries, queries)

    def figure(self) -> "Figure":
        """Return what the last page took, the warm-up left out, and begin anew."""
        times, queries = self.times[1:], self.queries
        self.times, self.queries = [], 0
        return Figure(statistics.median(times), statistics.quantiles(times, n=20)[-1], queries)


@dataclass(frozen=True, slots=True)
class Figure:
    p50: float  # milliseconds
    p95: float
    queries: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--customers", type=int, nargs=2, default=[1_000, 100_000])
    parser.add_argument("--events", type=int, default=100, help="for each customer")
    parser.add_argument("--events-of-one", type=int, default=EVENTS_OF_ONE, help="of the first customer")
    parser.add_argument("--rounds", type=int, default=40)
    args = parser.parse_args()
    with ExitStack() as stack:
        stack.enter_context(embedded.servers())
        few, many = (stack.enter_context(portfolio(n, args.events, args.events_of_one)) for n in args.customers)
        found = {name: measured(page, few, many, args.rounds) for name, page in (PAGES | APART).items()}
    report(few.customers, many.customers, found)


@contextmanager
def portfolio(customers: int, events: int, of_one: int) -> Iterator[Portfolio]:
    """Yield a portfolio of the size, made anew."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=answer, args=(theirs, customers, events, of_one))
    process.start()
    theirs.close()
    try:
        yield Portfolio(customers, ours, cursor=ours.recv())
        ours.send(None)
    finally:
        ours.close()
        process.join()


def answer(pipe: Connection, customers: int, events: int, of_one: int) -> None:
    """Make a portfolio, send the cursor, then answer each path with milliseconds and queries, until None comes."""
    with database(f"rapport_bench_{customers}"):
        make(customers, customers * events + of_one, {}, of_one=of_one)
        ask = client()
        pipe.send(deep_cursor())
        while path := pipe.recv():
            start = time.perf_counter()
            queries = ask(path)
            pipe.send(((time.perf_counter() - start) * 1_000, queries))


def client() -> Callable[[str], int]:
    """Return a function that gets a path as an admin and returns the number of queries."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from customers.models import Customer
    from staff.models import User

    settings.ALLOWED_HOSTS.append("testserver")
    browser = Client()
    admin = User.objects.get(role="admin")
    browser.force_login(admin)
    # A colleague's own customers are as many in a large company as in a small one.
    theirs = list(Customer.objects.filter(owner=admin).order_by("pk").values_list("pk", flat=True)[:OWN])
    Customer.objects.filter(owner=admin).exclude(pk__in=theirs).update(owner=User.objects.exclude(pk=admin.pk).first())

    def ask(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(path)
            list(answer)  # a streamed page as well
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return len(asked)

    return ask


def deep_cursor() -> str:
    """Return the cursor of the 2,000th page of the timeline of the customer with the most events, or of its last."""
    from core.pagination import SIZE
    from desk.timeline.timeline import NEWEST_FIRST
    from events.models import Event

    rows = Event.objects.live().filter(customer=1).order_by("-occurred_at", "-id")
    return NEWEST_FIRST.cursor(rows[min(1_999 * SIZE, rows.count()) - 1])


def measured(page: Path, few: Portfolio, many: Portfolio, rounds: int) -> tuple[Figure, Figure]:
    """Ask both in turn for one page, again and again; the first time warms up."""
    chances = {one.customers: random.Random(1) for one in (few, many)}
    for _ in range(rounds + 1):
        for one in (few, many):
            one.get(page(chances[one.customers], one.customers))
    return few.figure(), many.figure()


def report(few: int, many: int, found: dict[str, tuple[Figure, Figure]]) -> None:
    print(f"\n{'page':<28} {few:>9,} customers: p50, p95 {many:>9,}: p50, p95   ratio of p95   queries")
    for name, (before, after) in found.items():
        ratio = after.p95 / before.p95
        allowed = EXPECTED_APART if name in APART else EXPECTED
        print(
            f"{name:<28} {before.p50:>12.1f} {before.p95:>9.1f} {after.p50:>14.1f} {after.p95:>9.1f}"
            f" {ratio:>14.2f} {'' if ratio <= allowed else '!'} {before.queries:>8} {after.queries:>3}"
        )
    first, deep = (found[name][1] for name in ("timeline, first page", "timeline, 2,000th page"))
    print(f"\nThe timeline's 2,000th page takes {deep.p95 / first.p95:.2f} times its first (aim: {EXPECTED_DEEP:.0f}).")


if __name__ == "__main__":
    main()
