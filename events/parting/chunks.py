"""Chunks of a parting: the next events under the shared id at a customer, told again under other names."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson
from django.db import connection

from customers import identities
from customers.models import Act, Contact, Customer, Identity
from customers.people import moving
from events.corrections.selection import own
from events.log import acts, belonging, telling
from events.log.telling import Told, Which
from events.models import Parting
from events.parting import selection

CHUNK = 2_000  # events in one transaction, as in events.log.resettling

_BEGINNING = ("-infinity", 0)
_CHOOSE = """
    SELECT event.occurred_at, event.id, {key} AS key FROM events_event AS event
    WHERE customer_id = %(customer)s AND person_id = %(name)s AND {live} AND NOT {own} AND {key} IS NOT NULL
      AND (occurred_at, id) > (%(since)s::timestamptz, %(number)s)
    ORDER BY occurred_at, id LIMIT %(limit)s
"""
_WHERE = """
    person_id = %(name)s AND NOT {own} AND {person} IS NOT NULL
    AND (event.occurred_at, event.id) > (%(since)s::timestamptz, %(number)s)
    AND (event.occurred_at, event.id) <= (%(until)s::timestamptz, %(last_number)s)
"""
_DESTINATIONS = """
    SELECT {contact}, {customer}, count(*), min(occurred_at), max(occurred_at) FROM events_event AS event
    WHERE customer_id = %(customer)s AND {live} AND {where} GROUP BY 1, 2 ORDER BY 1, 2
"""
_IS_LISTED = "(SELECT NOT provisional FROM customers_customer AS whither WHERE whither.id = {customer})"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Events after `since` up to `last`, by time and number; what tells whose they are, and the key that is meant."""

    since: tuple[Any, int]
    last: tuple[datetime, int] | tuple[None, int]
    is_full: bool
    raw_keys: Mapping[str, str]

    @property
    def keys(self) -> set[str]:
        return {*self.raw_keys.values()}


class Destination(NamedTuple):
    """Where events of the chunk belong: so many, from when to when."""

    contact: int
    customer: int
    events: int
    first: datetime
    last: datetime


def choose(job: Parting, place: Customer) -> Chunk:
    """Return the next events at the customer that are somebody's. Two queries."""
    since = _BEGINNING if job.at_moment is None else (job.at_moment, job.at_number)
    statement = _CHOOSE.format(key=selection.raw_key(job, "event"), live=_live(place), own=own())
    params = {"customer": place.pk, "name": job.name_id, "since": since[0], "number": since[1], "limit": CHUNK}
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        rows = cursor.fetchall()
    meant = {raw: selection.key(job, raw) for _at, _number, raw in rows}
    last = (rows[-1][0], rows[-1][1]) if rows else (None, 0)
    return Chunk(since, last, len(rows) == CHUNK, {raw: key for raw, key in meant.items() if key is not None})


def hold(shared: int, names: Collection[int]) -> bool:
    """Keep the names of the shared contact and of the people behind `names` from changing; False if they just did."""
    people = {shared, *_contacts(names)}
    # Together, in one order; whoever was waited for may have given them further names, or taken these away.
    locked = identities.lock((), people)
    return locked == identities.locked_with((), people) and {shared, *_contacts(names)} == people


def _contacts(names: Collection[int]) -> set[int]:
    return {pk for pk in Identity.objects.filter(pk__in=names).values_list("contact", flat=True) if pk is not None}


def tell(
    job: Parting, chunk: Chunk, place: Customer, persons: Mapping[str, int], *, open_day: date, now: datetime
) -> int:
    """Tell the chunk's events again under `persons`, by raw key, each where it belongs then; return how many."""
    which = _which(job, chunk, place, persons)
    goals = _destinations(job, place, which)
    if not goals:
        return 0
    changed = {
        "person_id": (person := selection.person(job, "event")),
        "contact_id": belonging.contact_of("event", person),
        "customer_id": belonging.customer_of("event", person),
    }
    if place.provisional:
        events = _moved(job, which, changed, open_day)
    else:
        act = _act(job, place.pk, came=False, now=now)
        told = telling.tell_again(which, changed=changed, act=act.pk, open_day=open_day, limit=CHUNK)
        acts.extend(act, told)
        events = told.events
    _note(job, place, goals, now)
    return events


def _live(place: Customer) -> str:
    # Withdrawn events go along from a customer in no list, and stay at a listed one.
    return "TRUE" if place.provisional else "void_on IS NULL"


def _which(job: Parting, chunk: Chunk, place: Customer, persons: Mapping[str, int]) -> Which:
    (since, number), (until, last_number) = chunk.since, chunk.last
    params = {
        "name": job.name_id,
        "persons": orjson.dumps(persons).decode(),
        "since": since,
        "number": number,
        "until": until,
        "last_number": last_number,
    }
    return Which([place.pk], _WHERE.format(own=own(), person=selection.person(job, "event")), params)


def _destinations(job: Parting, place: Customer, which: Which) -> list[Destination]:
    person = selection.person(job, "event")
    statement = _DESTINATIONS.format(
        contact=belonging.contact_of("event", person),
        customer=belonging.customer_of("event", person),
        live=_live(place),
        where=which.where,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**which.params, "customer": place.pk})
        return [Destination(*row) for row in cursor.fetchall()]


def _moved(job: Parting, which: Which, changed: Mapping[str, str], open_day: date) -> int:
    """Take the events away from a customer in no list: to listed ones, then to others in none."""
    customer = belonging.customer_of("event", selection.person(job, "event"))
    is_listed, events = _IS_LISTED.format(customer=customer), 0
    for to_listed, goes_there in ((True, is_listed), (False, f"NOT {is_listed}")):
        some = Which(which.customers, f"{which.where} AND {goes_there}", which.params)
        told = telling.move(some, changed=changed, to_listed=to_listed, open_day=open_day, limit=CHUNK)
        events += told.events
    return events


def _note(job: Parting, place: Customer, goals: Collection[Destination], now: datetime) -> None:
    """Say on the timelines of the customers what came, and remember who has events elsewhere."""
    homes = dict(Contact.objects.filter(pk__in={goal.contact for goal in goals}).values_list("pk", "customer"))
    moving.note_elsewhere((goal.contact, goal.customer) for goal in goals if homes[goal.contact] != goal.customer)
    listed = set(
        Customer.objects.filter(pk__in={goal.customer for goal in goals}, provisional=False).values_list(
            "pk", flat=True
        )
    )
    assert job.act is not None
    for goal in goals:
        told = Told(goal.events, goal.first, goal.last)
        acts.extend(job.act, told)
        if goal.customer in listed and goal.customer != place.pk:
            acts.extend(_act(job, goal.customer, came=True, now=now), told)


def _act(job: Parting, customer: int, *, came: bool, now: datetime) -> Act:
    """Return the act of this parting at a customer, the same one for all its chunks."""
    known = Act.objects.filter(part_of=job.act, customer=customer, detail__came=came).first()
    detail = {"came": came}
    return known or Act.objects.create(
        kind=Act.Kind.PART, customer_id=customer, part_of=job.act, at=now, by=job.by, detail=detail
    )
