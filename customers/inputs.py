"""Inputs of scores that are not counts, as they became known: any past day can be read back."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from django.db import connection

from customers.models import Customer

LONGEST_NAME = 50  # of an attribute
FARTHEST = 10**12  # numbers beyond it are not logged: in thousandths they still fit a bigint

Row = tuple[int, str, date, int | None, str | None]  # customer, name, known_on, thousandths, text

_UPSERT = """
    INSERT INTO customers_inputlog (customer_id, name, known_on, number, text)
    SELECT new.* FROM unnest(%s::bigint[], %s::text[], %s::date[], %s::bigint[], %s::text[])
                      AS new (customer_id, name, known_on, number, text)
    {unless}
    ON CONFLICT (customer_id, name, known_on) DO UPDATE SET number = EXCLUDED.number, text = EXCLUDED.text
"""
# The last value, when it is the same and less than a week old: logging it again would say nothing new.
_UNLESS_REPEATED = """
    LEFT JOIN LATERAL (
        SELECT number, text, known_on FROM customers_inputlog AS old
        WHERE old.customer_id = new.customer_id AND old.name = new.name AND old.known_on <= new.known_on
        ORDER BY known_on DESC LIMIT 1
    ) AS last ON true
    WHERE last.known_on IS NULL OR last.known_on <= new.known_on - 7
       OR (last.number, last.text) IS DISTINCT FROM (new.number, new.text)
"""
# Nothing logged and nothing known are the same.
_UNLESS_THE_SAME = """
    LEFT JOIN LATERAL (
        SELECT number, text FROM customers_inputlog AS old
        WHERE old.customer_id = new.customer_id AND old.name = new.name AND old.known_on <= new.known_on
        ORDER BY known_on DESC LIMIT 1
    ) AS last ON true
    WHERE (last.number, last.text) IS DISTINCT FROM (new.number, new.text)
"""


def log(rows: Iterable[Row]) -> None:
    """Write inputs as they are, the day's last value winning. One query, none without rows."""
    _write(_UPSERT.format(unless=""), rows)


def note(rows: Iterable[Row]) -> None:
    """Write inputs as of one day; a value that only repeats is logged again every 7 days. One query."""
    _write(_UPSERT.format(unless=_UNLESS_REPEATED), rows)


def correct(rows: Iterable[Row]) -> None:
    """Write inputs that differ from what is known; a value that stands keeps its age. One query, none without rows."""
    _write(_UPSERT.format(unless=_UNLESS_THE_SAME), rows)


def _write(statement: str, rows: Iterable[Row]) -> None:
    # The last of several: ON CONFLICT refuses to touch one row twice in a statement.
    last = {(customer, name, known_on): (number, text) for customer, name, known_on, number, text in rows}
    if not last:
        return
    # In the order of the key, so that two writers cannot deadlock.
    ordered = sorted(last.items())
    columns = [[key[i] for key, _ in ordered] for i in range(3)] + [
        [value[i] for _, value in ordered] for i in range(2)
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, columns)


def from_customer(customer: Customer, known_on: date) -> Iterator[Row]:
    """Yield a customer's own inputs as rows of the log. Money is in thousandths of its own currency."""
    assert customer.pk is not None
    yield customer.pk, "stage", known_on, None, customer.stage
    yield customer.pk, "plan", known_on, None, customer.plan or None
    yield customer.pk, "mrr", known_on, thousandths(customer.mrr), customer.currency
    yield from attributes(customer, known_on)


def attributes(customer: Customer, known_on: date) -> Iterator[Row]:
    """Yield a customer's numeric attributes, which models of health may look at."""
    assert customer.pk is not None
    for name, value in customer.attributes.items():
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < FARTHEST:
            yield customer.pk, f"attribute:{name[:LONGEST_NAME]}", known_on, round(value * 1000), None


def thousandths(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * 1000)
