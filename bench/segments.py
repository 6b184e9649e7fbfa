"""A segment of three conditions, one of them on events, beside the same question as SQL written by hand.

    .venv/bin/python -m bench.segments [--customers 100000] [--events 10000000] [--rounds 20]

Both find the first page by name and count up to a thousand, in turn, on one connection. Then: what the close of a day
writes of a segment, in milliseconds for a thousand customers.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from bench.portfolio import make
from bench.scratch import database

EXPECTED = 1.5  # times the SQL by hand
PAGE, MANY = 51, 1_001
DAYS = 30
WRITTEN = 1_000  # customers in one transaction of the close

_WHERE = """
    FROM customers_customer AS c
    WHERE c.merged_into_id IS NULL AND c.removed_at IS NULL AND NOT c.provisional AND c.stage <> 'archived'
      AND upper(c.plan) = upper('pro')
      AND EXISTS (SELECT 1 FROM records_contract AS r WHERE r.customer_id = c.id AND r.starts_on <= %(today)s
                  AND (r.ends_on IS NULL OR r.ends_on >= %(today)s))
      AND (SELECT sum(d.count) FROM events_dailycount AS d WHERE d.customer_id = c.id AND d.event_type_id = %(type)s
           AND d.day BETWEEN %(first)s AND %(today)s) >= 1
"""
_BY_HAND = (
    f"SELECT c.id, c.name {_WHERE} ORDER BY c.name, c.id LIMIT {PAGE}",
    f"SELECT count(*) FROM (SELECT 1 {_WHERE} LIMIT {MANY}) AS few",  # noqa: S608
)


def rule(event: str) -> dict[str, Any]:
    """Return the rule that `_WHERE` writes by hand."""
    return {
        "all": [
            {"kind": "attribute", "parameters": {"attribute": "plan", "operator": "is", "value": "pro"}},
            {"kind": "contract", "parameters": {"how": "running"}},
            {"kind": "event", "parameters": {"event": event, "how": "at_least", "times": 1, "days": DAYS}},
        ]
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=20)
    args = parser.parse_args()
    with database():
        make(args.customers, args.events, {}, of_one=min(1_000, args.events))
        compare(args.rounds)


def compare(rounds: int) -> None:
    from django.utils import timezone

    from core.days import business_day
    from events.models import EventType

    today = business_day(timezone.now())
    event = EventType.objects.offered().order_by("pk").values_list("pk", "name")[0]
    ours, ours_count = by_rule(event[1])
    hand, hand_count = by_hand(event[0], today)
    assert (ours(), ours_count()) == (hand(), hand_count()), "they find different customers"
    print(f"\n{'milliseconds, p50':<28}{'by rule':>10}{'by hand':>10}{'ratio':>8}")
    for what, mine, other in (("first page", ours, hand), ("count", ours_count, hand_count)):
        mine_ms, other_ms = in_turn(mine, other, rounds)
        mark = "" if mine_ms <= EXPECTED * other_ms else " !"
        print(f"{what:<28}{mine_ms:>10.1f}{other_ms:>10.1f}{mine_ms / other_ms:>8.2f}{mark}")
    print(f"\nThe close writes a segment of {WRITTEN:,} customers in {closing(event[1], today):.1f} ms.")


def by_rule(event: str) -> tuple[Callable[[], Any], Callable[[], Any]]:
    from customers import segments
    from customers.models import Customer

    query = {"rule": json.dumps(rule(event))}

    def found() -> Any:
        return segments.matching(query, Customer.objects.known())

    return (
        lambda: list(found().order_by("name", "pk").values_list("pk", "name")[:PAGE]),
        lambda: found().order_by()[:MANY].count(),
    )


def by_hand(event_type: int, today: date) -> tuple[Callable[[], Any], Callable[[], Any]]:
    from django.db import connection

    params: dict[str, Any] = {"type": event_type, "today": today, "first": today - timedelta(days=DAYS - 1)}

    def ask(statement: str) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(statement, params)
            return list(cursor.fetchall())

    return (lambda: ask(_BY_HAND[0]), lambda: ask(_BY_HAND[1])[0][0])


def in_turn(first: Callable[[], Any], second: Callable[[], Any], rounds: int) -> tuple[float, float]:
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 1):
        for times, ask in zip(taken, (first, second), strict=True):
            start = time.perf_counter()
            ask()
            times.append((time.perf_counter() - start) * 1_000)
    return statistics.median(taken[0][1:]), statistics.median(taken[1][1:])


def closing(event: str, today: date) -> float:
    """Return the milliseconds in which the close writes one more segment for a thousand customers."""
    from django.db import transaction
    from django.utils import timezone

    from customers import segments
    from customers.models import Customer
    from customers.segments import membership
    from staff.models import User

    by = User.objects.order_by("pk")[0]
    segments.save("Bench", {"rule": json.dumps(rule(event))}, by=by, is_shared=True, now=timezone.now())
    customers = list(Customer.objects.known().order_by("pk").values_list("pk", flat=True)[:WRITTEN])
    taken = []
    for ago in (3, 2, 1):
        start = time.perf_counter()
        with transaction.atomic():
            membership.write(today - timedelta(days=ago), customers)
        taken.append((time.perf_counter() - start) * 1_000)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
