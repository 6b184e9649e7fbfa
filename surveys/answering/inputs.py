"""Inputs of health factors from surveys: the mean of each contact's last answer."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from statistics import fmean

from core.days import business_day
from customers import inputs
from customers.inputs import Row
from surveys import kinds
from surveys.models import Answer

_Given = tuple[date, int | None, int]  # day, contact, score


def note(kind: str, customers: Collection[int], open_day: date | None) -> None:
    """Log the customers' input of this kind as it stands. Without an open day it is a declared history: every day
    on which somebody answered is written, as it was known then. Two queries, none for other kinds."""
    if not kinds.get(kind).feeds_health or not customers:
        return
    given = _given(kind, customers)
    if open_day is None:
        inputs.log(row for customer, rows in given.items() for row in _past(customer, kind, rows))
    else:
        inputs.note((customer, kind, open_day, _mean(given.get(customer, [])), None) for customer in customers)


def _given(kind: str, customers: Collection[int]) -> dict[int, list[_Given]]:
    """Return the answers of each customer, oldest first. One without a contact is taken for another person's."""
    rows = Answer.objects.named().filter(kind=kind, customer__in=customers).order_by("answered_at")
    by_customer: dict[int, list[_Given]] = defaultdict(list)
    for customer, at, contact, score in rows.values_list("customer_id", "answered_at", "contact_id", "score"):
        if score is not None:
            by_customer[customer].append((business_day(at), contact, score))
    return by_customer


def _past(customer: int, kind: str, given: list[_Given]) -> Iterator[Row]:
    for day in sorted({day for day, _contact, _score in given}):
        yield customer, kind, day, _mean([answer for answer in given if answer[0] <= day]), None


def _mean(given: list[_Given]) -> int | None:
    """Return the mean of each contact's last answer, in thousandths."""
    last = {contact if contact is not None else (i,): score for i, (_day, contact, score) in enumerate(given)}
    return round(1000 * fmean(last.values())) if last else None
