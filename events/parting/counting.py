"""Into whom an id would be parted, and how many events are whose: the preview. Nothing changes."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Q, Sum

from core.jobs import leased
from core.jobs.leased import Clock, JobFailed
from customers.models import Identity, IdentityKind, Membership
from customers.people import moving
from events.corrections.selection import own
from events.models import Parting, PartingPart
from events.parting import selection

PLACES = 20  # customers that are looked through in one transaction

_COUNT = """
    SELECT event.person_id, {key} AS key, event.company_id, {own}, count(*), min(event.occurred_at)
    FROM events_event AS event
    WHERE customer_id = ANY(%s::bigint[]) AND contact_id = %s AND void_on IS NULL AND person_id IS NOT NULL
    GROUP BY 1, 2, 3, 4
"""
# Not what an alias call keeps under both kinds, as nobody can tell which its previous id was.
_OTHER_DEVICES = """
    INSERT INTO events_partingpart (of_id, key, events, companies, stays)
    SELECT %s, id::text, 0, '{}', FALSE FROM customers_identity AS device
    WHERE contact_id = %s AND kind = 'anonymous' AND id <> %s AND NOT EXISTS (
        SELECT FROM customers_identity AS alias WHERE alias.kind = 'user' AND alias.value = device.value
    )
    ON CONFLICT DO NOTHING
"""


class Row(NamedTuple):
    """Events of the contact that are alike; `is_own` where records and answers tell them."""

    person: int
    key: str | None
    company: int | None
    is_own: bool
    events: int
    first: datetime


def count(job: Parting, clock: Clock) -> Iterator[None]:
    """Count the events at all customers of the contact, a few customers at a time."""
    while places := next_places(job, PLACES):
        with leased.step(job, clock) as held:
            _add(held, _rows(held, places))
            held.at_key = places[-1]
        yield
    with leased.step(job, clock) as held:
        _sum_up(held)
        held.state, held.at_key, held.lease = Parting.State.READY, -1, None
    yield


def shared_contact(job: Parting) -> int:
    """Return whose the id is now. Raises JobFailed when it was erased."""
    contact = Identity.objects.filter(pk=job.name_id).values_list("contact", flat=True).first()
    if contact is None:
        raise JobFailed("gone")
    return contact


def next_places(job: Parting, most: int) -> list[int]:
    """Return the next customers at which the contact has or had events."""
    contact = shared_contact(job)
    return sorted(place for place in moving.places([contact])[contact].all if place > job.at_key)[:most]


def _rows(job: Parting, places: list[int]) -> list[Row]:
    statement = _COUNT.format(key=selection.raw_key(job, "event"), own=own())
    with connection.cursor() as cursor:
        cursor.execute(statement, [places, shared_contact(job)])
        return [Row(*row) for row in cursor.fetchall()]


def _add(job: Parting, rows: list[Row]) -> None:
    kinds = dict(Identity.objects.filter(pk__in={row.person for row in rows}).values_list("pk", "kind"))
    events: Counter[str] = Counter()
    companies: dict[str, dict[str, str]] = {}
    staying = set()
    for row in rows:
        key = _key(job, row, kinds)
        if key is None:
            job.rest += row.events if row.person == job.name_id else 0
        elif _came_under_another(job, row, kinds):
            staying.add(key)  # the device of somebody with a user id of their own
        else:
            events[key] += row.events
            if row.company is not None:
                named = companies.setdefault(key, {})
                named[str(row.company)] = min(named.get(str(row.company), "~"), row.first.isoformat())
    _write(job, events, companies, staying)


def _key(job: Parting, row: Row, kinds: dict[int, str]) -> str | None:
    """Return whose the events are; None where nothing tells, or the id is not concerned."""
    if row.person == job.name_id:
        return None if row.is_own else selection.key(job, row.key)
    if job.by_what != Parting.By.DEVICE:
        return None
    return str(row.person) if kinds.get(row.person) == IdentityKind.ANONYMOUS else row.key


def _came_under_another(job: Parting, row: Row, kinds: dict[int, str]) -> bool:
    return row.person != job.name_id and kinds.get(row.person) != IdentityKind.ANONYMOUS


def _write(job: Parting, events: Counter[str], companies: dict[str, dict[str, str]], staying: set[str]) -> None:
    keys = events.keys() | staying
    known = {part.key: part for part in PartingPart.objects.filter(of=job, key__in=keys)}
    rows = [known.get(key) or PartingPart(of=job, key=key) for key in sorted(keys)]
    for row in rows:
        row.events += events[row.key]
        row.stays = row.stays or row.key in staying
        more = companies.get(row.key, {})
        row.companies = {
            company: min(row.companies.get(company, "~"), more.get(company, "~"))
            for company in row.companies.keys() | more.keys()
        }
    PartingPart.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["of", "key"],
        update_fields=["events", "companies", "stays"],
    )


def _sum_up(job: Parting) -> None:
    if job.by_what == Parting.By.DEVICE:
        with connection.cursor() as cursor:
            cursor.execute(_OTHER_DEVICES, [job.pk, shared_contact(job), job.name_id])
    parts = PartingPart.objects.filter(of=job, stays=False)
    nowhere = Sum("events", filter=Q(companies={}), default=0)
    sums = parts.aggregate(homeless=nowhere, people=Count("key"), theirs=Sum("events", default=0))
    job.people, job.events = sums["people"], sums["theirs"]
    # Where the contact only ever belonged to one company, so do they (customers.people.parting).
    memberships = Membership.objects.filter(contact=shared_contact(job)).exclude(origin=Membership.Origin.LISTED)
    job.homeless = sums["homeless"] if memberships.values("customer").distinct().count() > 1 else 0
