"""Contacts as a CSV file that any spreadsheet opens safely, and that our importer reads back."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import Http404, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.days import business_day
from core.spreadsheets import csv_file
from customers.models import Contact, Identity, IdentityKind
from customers.models.contact import ContactQuerySet
from desk.contacts.activity import with_last_active
from desk.contacts.filters import ContactFilter
from staff.requests import StaffRequest

MOST = 100_000
BATCH = 2_000

# The importer's own names, then what only we know: it leaves those alone.
FIELDS = (
    "company_id", "rapport_id", "user_id", "email", "name", "role", "locale", "survey_opt_out", "stop_scoring",
)  # fmt: skip
KNOWN_HERE = ("customer", "last_active_on", "created_at")
_PATHS = {"user_id": "known_as", "customer": "customer__name"}


@require_safe
def export(request: StaffRequest) -> StreamingHttpResponse:
    """Export all contacts that the filter selects; 404 for a filter that is not valid."""
    if not request.user.may_act:
        raise PermissionDenied
    filterset = ContactFilter(request.GET, queryset=Contact.objects.visible_to(request.user).known())
    if not filterset.is_valid():
        raise Http404
    return stream(filterset.qs, now=timezone.now())


def stream(contacts: ContactQuerySet, *, now: datetime) -> StreamingHttpResponse:
    """Send the first 100,000 of the contacts, by id, as they are read."""
    today = business_day(now)
    return csv_file.stream(_cells(contacts, today), filename=f"contacts-{today.isoformat()}.csv")


def _cells(contacts: ContactQuerySet, today: date) -> Iterator[list[object]]:
    yield [*FIELDS, *KNOWN_HERE]
    for row in _rows(contacts, today):
        yield [_cell(value) for value in row]


def _rows(contacts: ContactQuerySet, today: date) -> Iterator[tuple[Any, ...]]:
    """Yield the rows in order of id, in batches: no transaction stays open while a slow reader reads."""
    paths = [_PATHS.get(name, name) for name in (*FIELDS, *KNOWN_HERE)]
    ordered = with_last_active(contacts, today).annotate(
        company_id=_id(IdentityKind.COMPANY, customer="customer"),
        rapport_id=_id(IdentityKind.RAPPORT, customer="customer"),
        known_as=_id(IdentityKind.USER, contact="pk"),
    )
    last, left = 0, MOST
    while left and (
        rows := list(ordered.order_by("pk").filter(pk__gt=last).values_list("pk", *paths)[: min(BATCH, left)])
    ):
        yield from (row[1:] for row in rows)
        last, left = rows[-1][0], left - len(rows)


def _id(kind: IdentityKind, **whose: str) -> Subquery:
    # After a merge there are several: the first, as everywhere.
    owner = {name: OuterRef(path) for name, path in whose.items()}
    return Subquery(Identity.objects.filter(kind=kind, **owner).order_by("pk").values("value")[:1])


def _cell(value: Any) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return business_day(value) if isinstance(value, datetime) else value
