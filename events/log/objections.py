"""A contact who objects to being scored: from the open day on nothing they did counts, until it is taken back.

The log keeps their events. Only counts change, on the open day: closed days stay as they were known.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.module_loading import import_string

from core import days
from customers import change_feed, contact_counts, identities
from customers.curation import Merging
from customers.models import Act, Affiliation, Contact, Exclusion
from events.log import counts
from events.log.counts import Line
from staff.models import User

ADOPTED_AT_ONCE = 500  # contacts, in one transaction

# Of the contacts' live events, all at once: rows of counts are few, however many events there are.
_LINES = """
    SELECT customer_id, event_type_id, contact_id, is_activity, day, %(open_day)s::date,
           %(sign)s * count(*), %(sign)s * COALESCE(sum(value), 0)
    FROM events_event
    WHERE customer_id = ANY(%(customers)s::bigint[]) AND contact_id = ANY(%(contacts)s::bigint[]) AND void_on IS NULL
    GROUP BY 1, 2, 3, 4, 5
"""


def settle(wishes: Mapping[int, bool], *, open_day: date, now: datetime, by: User | None = None) -> Collection[int]:
    """Note whether contacts object; return those for whom that is new.

    In the caller's transaction, which holds the open day. `wishes`: contact → whether they object. Two queries when
    it is new for nobody, none without wishes.
    """
    if not wishes:
        return ()
    identities.lock_contacts(wishes)
    stands = dict(Contact.objects.filter(pk__in=wishes).order_by("pk").values_list("pk", "stop_scoring"))
    for objects in (True, False):
        if changed := [pk for pk, before in stands.items() if wishes[pk] is objects and before is not objects]:
            _change(changed, objects, open_day, now, by)
    return [pk for pk, before in stands.items() if wishes[pk] is not before]


def adopt(*, now: datetime) -> int:
    """Settle the contacts whose flag was set before it meant anything; return how many. Harmless to repeat."""
    held = Exclusion.objects.filter(contact=OuterRef("pk"), to_on=None)
    waiting = Contact.objects.filter(~Exists(held), stop_scoring=True)
    adopted = 0
    while chunk := list(waiting.order_by("pk").values_list("pk", flat=True)[:ADOPTED_AT_ONCE]):
        with transaction.atomic():
            open_day = days.lock_open_day(now)
            identities.lock_contacts(chunk)
            # Asked again: whoever held them before may have settled them.
            still = list(waiting.filter(pk__in=chunk).order_by("pk").values_list("pk", flat=True))
            if still:
                _change(still, True, open_day, now, None)
        adopted += len(still)
    return adopted


def merged(merging: Merging) -> None:
    """Have an objection hold for the contact that counts for one who objects, until the merge is undone."""
    act = Act.objects.get(pk=merging.act)
    wishes = {}
    if merging.is_undone and act.detail.get("objects"):
        wishes = {merging.kept: False}
    elif not merging.is_undone and Contact.objects.filter(pk=merging.gone, stop_scoring=True).exists():
        wishes = {merging.kept: True}
    settled = settle(wishes, open_day=merging.open_day, now=merging.now, by=merging.by)
    if settled and not merging.is_undone:
        act.detail["objects"] = True
        act.save(update_fields=["detail"])


def _change(contacts: list[int], objects: bool, open_day: date, now: datetime, by: User | None) -> None:
    Contact.objects.filter(pk__in=contacts).update(stop_scoring=objects)
    if objects:
        Exclusion.objects.bulk_create([Exclusion(contact_id=pk, from_on=open_day) for pk in contacts])
    else:
        Exclusion.objects.filter(contact__in=contacts, to_on=None).update(to_on=open_day)
    places = _places(contacts)
    customers = sorted({customer for _, customer in places})
    with connection.cursor() as cursor:
        params: dict[str, Any] = {"customers": customers, "contacts": contacts, "open_day": open_day}
        cursor.execute(_LINES, {**params, "sign": -1 if objects else 1})
        counts.put(Line(*row) for row in cursor.fetchall())
    detail = {"objects": objects, "from": open_day.isoformat()}
    Act.objects.bulk_create(
        [
            Act(kind=Act.Kind.OBJECTION, customer_id=customer, at=now, by=by, detail={"contact": contact, **detail})
            for contact, customer in places
        ]
    )
    contact_counts.note_for(customers, open_day)
    note(contacts, open_day)
    change_feed.note(customers)


def note(contacts: Collection[int], open_day: date) -> None:
    """Note again what apps above this one know of contacts, as of the open day. No query without contacts."""
    for name in settings.NOTES_OF_OBJECTIONS if contacts else ():
        import_string(name)(contacts, open_day)


def _places(contacts: Collection[int]) -> list[tuple[int, int]]:
    """Return (contact, customer) wherever the contacts are or have events. Two queries."""
    here = Contact.objects.filter(pk__in=contacts).values_list("pk", "customer")
    elsewhere = Affiliation.objects.filter(contact__in=contacts).values_list("contact", "customer")
    return sorted({*here, *elsewhere})
