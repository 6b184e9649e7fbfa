"""Ids that several people seem to share: looked for once a day in the small tables, never in the log.

Every device and every address an id came with is an identity of its contact, every company a membership or an
affiliation: counting those says how many there are without reading an event. Names are no sign, as a contact keeps the
last one only.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Max

from core.days import business_day
from core.jobs import periodic, waking
from core.models import Run
from core.names import ids
from customers.models import Contact, Identity, IdentityKind, SharedId, WrongId

JOB = "find-shared-ids"
TASK = "customers.tasks.find_shared_ids"
SHARD = 20_000  # ids of contacts that are looked at in one transaction
DEVICES, ADDRESSES, COMPANIES = 5, 3, 3  # of so many, one id is probably not one person's

_SIGNS = """
    WITH names AS (
        SELECT contact_id, count(*) FILTER (WHERE kind = 'anonymous') AS devices,
               count(*) FILTER (WHERE kind = 'email') AS addresses
        FROM customers_identity WHERE contact_id BETWEEN %(first)s AND %(last)s GROUP BY 1
    ), belonged AS (
        SELECT contact_id, count(DISTINCT customer_id) AS companies, bool_or(is_member) AS is_member FROM (
            SELECT contact_id, customer_id, TRUE AS is_member FROM customers_membership
            WHERE contact_id BETWEEN %(first)s AND %(last)s
            UNION ALL
            SELECT contact_id, customer_id, FALSE FROM customers_affiliation AS other
            JOIN customers_customer AS customer ON customer.id = customer_id AND NOT customer.provisional
            WHERE contact_id BETWEEN %(first)s AND %(last)s
        ) AS places GROUP BY 1
    )
    SELECT contact_id, devices, addresses, COALESCE(companies, 0)
    FROM names LEFT JOIN belonged USING (contact_id)
    WHERE devices >= %(devices)s OR addresses >= %(addresses)s OR companies >= %(companies)s
       -- One whose people were parted has none of these any more.
       OR (contact_id = ANY(%(wrong)s::bigint[]) AND (devices > 0 OR addresses > 0 OR is_member))
"""
# Whom the events of a contact came under: the user id, without one the address or the device.
_ORDER = (IdentityKind.USER, IdentityKind.EMAIL, IdentityKind.ANONYMOUS)


class Signs(NamedTuple):
    """How many devices, addresses and companies a contact has."""

    contact: int
    devices: int
    addresses: int
    companies: int


def look(*, now: datetime) -> bool:
    """Look through the next contacts of today's look; False when it is done. Harmless to repeat."""
    period = business_day(now).isoformat()
    if not periodic.is_planned(JOB, period):
        last = Contact.objects.aggregate(last=Max("pk"))["last"] or 0
        periodic.drop_others(JOB, period)
        periodic.plan(JOB, period, range(last // SHARD + 1))
    run = periodic.claim(JOB, now=now, period=period)
    if run is None:
        return False
    look_at(run.shard * SHARD, (run.shard + 1) * SHARD - 1, now=now)
    periodic.finish(run, now=now)
    return True


def look_again() -> None:
    """Have a worker look through all contacts once more."""
    Run.objects.filter(job=JOB).delete()
    waking.wake(TASK)


def looked_at() -> datetime | None:
    """Return when the last look ended; None while one is under way, or none was made. One query."""
    ends = list(Run.objects.filter(job=JOB).values_list("finished_at", flat=True))
    return max((end for end in ends if end), default=None) if all(ends) else None


@transaction.atomic
def look_at(first: int, last: int, *, now: datetime) -> None:
    """Note anew which ids of contacts first..last are probably shared. Six queries."""
    wrong = _wrong(first, last)
    signs = _signs(first, last, wrong)
    names = _names([sign.contact for sign in signs])
    rows = [row for sign in signs for row in _rows(sign, wrong, names, now)]
    SharedId.objects.filter(contact__gte=first, contact__lte=last).delete()
    # A name that is another contact's by now stands there still.
    SharedId.objects.filter(name__in=[row.name_id for row in rows]).delete()
    SharedId.objects.bulk_create(rows, ignore_conflicts=True)  # somebody else may look at the same moment


def _wrong(first: int, last: int) -> Mapping[int, list[int]]:
    """Return contact → its ids that are wrong ones by the list of today."""
    known, found = WrongId.objects.known(), dict[int, list[int]]()
    named = Identity.objects.filter(contact__gte=first, contact__lte=last, kind__in=["user", "anonymous"])
    for pk, contact, value in named.order_by("pk").values_list("pk", "contact", "value").iterator():
        if ids.is_wrong(value, known):
            found.setdefault(contact, []).append(pk)
    return found


def _signs(first: int, last: int, wrong: Iterable[int]) -> list[Signs]:
    least = {"devices": DEVICES, "addresses": ADDRESSES, "companies": COMPANIES}
    with connection.cursor() as cursor:
        cursor.execute(_SIGNS, {"first": first, "last": last, "wrong": list(wrong), **least})
        return [Signs(*row) for row in cursor.fetchall()]


def _names(contacts: list[int]) -> Mapping[int, int]:
    """Return contact → the identity that most of its events came under."""
    kinds = [str(kind) for kind in _ORDER]
    found = Identity.objects.filter(contact__in=contacts, kind__in=kinds).order_by("-pk")
    rows = sorted(found.values_list("contact", "kind", "pk"), key=lambda row: kinds.index(row[1]), reverse=True)
    return {contact: pk for contact, _kind, pk in rows}


def _rows(sign: Signs, wrong: Mapping[int, list[int]], names: Mapping[int, int], now: datetime) -> Iterator[SharedId]:
    of_contact = wrong.get(sign.contact, ())
    for name in of_contact or [names[sign.contact]] if sign.contact in names else ():
        yield SharedId(
            name_id=name,
            contact_id=sign.contact,
            is_wrong=bool(of_contact),
            devices=sign.devices,
            addresses=sign.addresses,
            companies=sign.companies,
            found_at=now,
        )
