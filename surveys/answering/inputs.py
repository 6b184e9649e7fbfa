"""Inputs of health factors from surveys: the mean of each contact's last answer, of those who may be scored."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from statistics import fmean

from core.days import business_day
from customers import inputs
from customers.consent.objections import Span, excludes, spans
from customers.inputs import Row
from surveys import kinds
from surveys.models import Answer

_Given = tuple[date, int | None, int]  # day, contact, score
_Spans = Mapping[int, Sequence[Span]]  # by contact, when they object to being scored


def note(kind: str, customers: Collection[int], open_day: date | None) -> None:
    """Log the customers' input of this kind as it stands. Without an open day it is a declared history: every day
    on which somebody answered, or the contacts who count changed, is written, as it was known then. Three queries at
    most, none for other kinds."""
    if not kinds.get(kind).feeds_health or not customers:
        return
    given = _given(kind, customers)
    objecting = spans({contact for rows in given.values() for _day, contact, _score in rows if contact is not None})
    if open_day is None:
        inputs.log(row for customer, rows in given.items() for row in _past(customer, kind, rows, objecting))
    else:
        inputs.note(
            (customer, kind, open_day, _mean(given.get(customer, []), open_day, objecting), None)
            for customer in customers
        )


def note_of_contacts(contacts: Collection[int], open_day: date) -> None:
    """Log the inputs that rest on answers of these contacts again: whether they count has changed.

    One query, and three for each kind they answered.
    """
    answers = Answer.objects.named().filter(contact__in=contacts)
    by_kind: dict[str, set[int]] = defaultdict(set)
    for kind, customer in answers.values_list("kind", "customer_id").distinct():
        by_kind[kind].add(customer)
    for kind, customers in sorted(by_kind.items()):
        note(kind, customers, open_day)


def _given(kind: str, customers: Collection[int]) -> dict[int, list[_Given]]:
    """Return the answers of each customer, oldest first. One without a contact is taken for another person's."""
    rows = Answer.objects.named().filter(kind=kind, customer__in=customers).order_by("answered_at")
    by_customer: dict[int, list[_Given]] = defaultdict(list)
    for customer, at, contact, score in rows.values_list("customer_id", "answered_at", "contact_id", "score"):
        if score is not None:
            by_customer[customer].append((business_day(at), contact, score))
    return by_customer


def _past(customer: int, kind: str, given: list[_Given], objecting: _Spans) -> Iterator[Row]:
    answered = {day for day, _contact, _score in given}
    changed = {
        day
        for _day, contact, _score in given
        for span in (objecting.get(contact, ()) if contact is not None else ())
        for day in span
        if day is not None and day > min(answered)
    }
    for day in sorted(answered | changed):
        yield customer, kind, day, _mean([answer for answer in given if answer[0] <= day], day, objecting), None


def _mean(given: Sequence[_Given], day: date, objecting: _Spans) -> int | None:
    """Return the mean of the last answer of each contact who may be scored on the day, in thousandths."""
    last = {
        contact if contact is not None else (i,): score
        for i, (_day, contact, score) in enumerate(given)
        if contact is None or not excludes(objecting.get(contact, ()), day)
    }
    return round(1000 * fmean(last.values())) if last else None
