"""People parted, step by step: first the people, then what they did under the id they shared, chunk by chunk.

The log is never changed: an event is told again under the name of whose it is (events.log.telling).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime

from django.db.models import Q

from core import days
from core.jobs.leased import Clock
from customers.identities import Key
from customers.models import Contact, Customer, Identity
from customers.people import moving, parting, remaining, shared
from customers.people.parting import Somebody
from events.corrections.running import committed
from events.log import objections
from events.models import Event, Parting, PartingPart
from events.parting import chunks, selection
from events.parting.counting import next_places, shared_contact

PEOPLE = 100  # that are made in one transaction: meanwhile whoever sends under the shared id waits
# Without the id on the list of wrong ids, those who send go on joining people: it ends all the same.
MOST_PASSES = 3

State = Parting.State


def carry_out(job: Parting, clock: Clock) -> Iterator[None]:
    """Part the people, until a pass over all customers finds nothing to do."""
    while job.state == State.RUNNING:
        committed(job, clock, _go_on)
        yield


def _go_on(job: Parting, now: datetime) -> None:
    waiting = PartingPart.objects.filter(of=job, stays=False, contact=None).order_by("key")[:PEOPLE]
    if parts := list(waiting):
        _split_off(job, parts, now)
    elif places := next_places(job, 1):
        _tell(job, Customer.objects.only("provisional").get(pk=places[0]), now)
    else:
        _end_pass(job, now)


def _split_off(job: Parting, parts: Sequence[PartingPart], now: datetime) -> None:
    """Make contacts of these people. One that turned out to be somebody already stays who they are."""
    open_day, contact = days.lock_open_day(now), shared_contact(job)
    people, customers = _names(job, parts), _customers(parts)
    made = parting.split_off(
        contact,
        [Somebody(people[part.key], customers[part.key]) for part in parts if part.key in people],
        now=now,
        open_day=open_day,
    )
    if Contact.objects.filter(pk=contact, stop_scoring=True).exists():
        # Who of them objected is not known: nobody who may have is scored.
        new = [one.contact for one in made.values() if one.is_new]
        objections.settle(dict.fromkeys(new, True), open_day=open_day, now=now, by=job.by)
    for part in parts:
        one = made.get(people[part.key]) if part.key in people else None
        # A device that is known no more was somebody's who was erased.
        part.stays = one is None
        part.name_id, part.contact_id = (None, None) if one is None else (one.name, one.contact)
    PartingPart.objects.bulk_create(
        parts, update_conflicts=True, unique_fields=["of", "key"], update_fields=["stays", "name", "contact"]
    )


def _settle_the_rest(job: Parting, contact: int, now: datetime) -> None:
    """Have the contact be who staff said it is; who is nobody any more leaves the customers it stood at."""
    open_day = days.lock_open_day(now)
    if part := PartingPart.objects.filter(of=job, key=job.rest_with).first():
        if name := _names(job, [part]).get(part.key):
            remaining.become(contact, Somebody(name, _customers([part])[part.key]), open_day=open_day)
    elif not _has_events(contact):
        remaining.let_go(contact, now=now, open_day=open_day)


def _has_events(contact: int) -> bool:
    """Tell whether any event is the contact's, but for those that follow others behind."""
    theirs = Q(person=None) | Q(person__contact=contact)
    places = moving.places([contact])[contact].all
    return Event.objects.live().filter(theirs, customer__in=places, contact=contact).exists()


def _names(job: Parting, parts: Collection[PartingPart]) -> dict[str, Key]:
    """Return the identities by which the people of the parts are known, as far as these are. One query at most."""
    numbers = [int(part.key) for part in parts] if job.by_what == Parting.By.DEVICE else []
    devices = {str(row.pk): row for row in Identity.objects.filter(pk__in=numbers)}
    names = {part.key: selection.name_of_part(job, part.key, devices) for part in parts}
    return {key: name for key, name in names.items() if name is not None}


def _customers(parts: Collection[PartingPart]) -> Mapping[str, Mapping[int, datetime]]:
    """Return, for each part, since when which customers are named. One query."""
    named = {int(company) for part in parts for company in part.companies}
    customers = dict(Identity.objects.filter(pk__in=named, customer__isnull=False).values_list("pk", "customer"))
    found: dict[str, dict[int, datetime]] = {}
    for part in parts:
        since = found.setdefault(part.key, {})
        # The latest first, so that of two names of one customer the earlier event is kept.
        for company, first in sorted(part.companies.items(), key=lambda named: named[1], reverse=True):
            if (customer := customers.get(int(company))) is not None:
                since[customer] = datetime.fromisoformat(first)
    return found


def _tell(job: Parting, place: Customer, now: datetime) -> None:
    open_day = days.lock_open_day(now)
    chunk = chunks.choose(job, place)
    if new := chunk.keys - {part.key for part in PartingPart.objects.filter(of=job, key__in=chunk.keys)}:
        # They came in since the preview: made people of first, then the chunk is looked at again.
        PartingPart.objects.bulk_create([PartingPart(of=job, key=key) for key in sorted(new)])
        return
    if chunk.raw_keys and not _told(job, chunk, place, open_day, now):
        return
    if chunk.is_full:
        job.at_moment, job.at_number = chunk.last
    else:
        job.at_key, job.at_moment, job.at_number = place.pk, None, 0


def _told(job: Parting, chunk: chunks.Chunk, place: Customer, open_day: date, now: datetime) -> bool:
    """Tell the chunk's events again; False when people changed while it waited for them."""
    parts = PartingPart.objects.filter(of=job, key__in=chunk.keys, stays=False)
    names = {part.key: part.name_id for part in parts if part.name_id is not None}
    if not chunks.hold(shared_contact(job), names.values()):
        return False
    persons = {raw: names[key] for raw, key in chunk.raw_keys.items() if key in names}
    if persons:
        job.changed += chunks.tell(job, chunk, place, persons, open_day=open_day, now=now)
    return True


def _end_pass(job: Parting, now: datetime) -> None:
    """Begin again if there was something to do, or somebody was joined again meanwhile; else the work is done."""
    contact = shared_contact(job)
    parts = PartingPart.objects.filter(of=job, stays=False)
    names = [name for name in parts.values_list("name", flat=True) if name is not None]
    again = list(Identity.objects.filter(pk__in=names, contact=contact).values_list("pk", flat=True))
    if (again or job.changed > job.changed_before) and job.pass_number < MOST_PASSES - 1:
        parts.filter(name__in=again).update(name=None, contact=None)
        job.pass_number, job.changed_before, job.at_key = job.pass_number + 1, job.changed, -1
        return
    _settle_the_rest(job, contact, now)
    shared.look_at(contact, contact, now=now)
    job.people = parts.count()
    job.state, job.finished_at, job.lease = State.DONE, now, None
