"""Contacts as other systems and colleagues describe them: people found or made by user id or e-mail."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from core import days
from core.db import bulk
from customers import change_feed
from customers.consent import refusals
from customers.identities import Key
from customers.models import Contact, Identity, IdentityKind, Origin
from events import ingest
from events.log import objections
from events.models import Source
from records import rows as records
from staff.models import User

TEXTS = ("name", "role", "locale")
OBJECTS = "stop_scoring"
REFUSES = "survey_opt_out"
FLAGS = (REFUSES, OBJECTS)
FIELDS = ("customer_id", "user_id", "email", *TEXTS, *FLAGS, "at")


@transaction.atomic
def write(
    rows: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
    source: Source | None = None,
    history: bool = False,
    by: User | None = None,
    origin: Origin = Origin.API,
) -> list[Contact]:
    """Make or change contacts; return them in the order of `rows`, as they stand afterwards.

    Each row has customer_id and user_id or email, and any of TEXTS and FLAGS; what it does not name stays as it is.
    `at` says since when that holds (else `now`): of several descriptions of a person, customer included, the latest
    wins; flags are set whatever the time. `by` is who sets them, through the door `origin`. No door takes a refusal of
    surveys back: False changes nothing, and the contact comes back refusing. Raises ValueError for a field that does
    not exist, for a row that names nobody, and LookupError for a customer that does not exist.
    """
    for row in rows:
        _refuse_unfit(row)
    messages = [message for row in rows for message in _messages(row, row.get("at") or now)]
    source = source or records.source(now)
    # By ingestion, so that a person is found and moved by the same rules whoever describes them.
    outcome = ingest.record(
        messages,
        source=source,
        now=now,
        history=history,
        store_rejected=False,
        internal=True,
        exclusive=_changing_their_mind(rows),
    )
    if outcome.reasons:
        raise ValueError(outcome.reasons[0])
    # After ingestion, which makes or finds the contacts and orders what different sources say by time.
    _set_what_traits_cannot(rows, now)
    _settle_objections(rows, now, by)
    _settle_refusals(rows, origin, now, by)
    contacts = _find(rows)
    change_feed.note(contact.customer_id for contact in contacts.values())
    return [contacts[key_of(row)] for row in rows]


def key_of(row: Mapping[str, Any]) -> Key:
    """Return the identity by which the row's person is found: the user id, else the e-mail."""
    if row.get("user_id"):
        return IdentityKind.USER, str(row["user_id"]).strip()
    return IdentityKind.EMAIL, str(row["email"]).strip().lower()


def _refuse_unfit(row: Mapping[str, Any]) -> None:
    if unknown := sorted(set(row) - set(FIELDS)):
        raise ValueError(f"A contact has no field {unknown[0]!r}. Fields: {', '.join(FIELDS)}.")
    if not row.get("user_id") and not row.get("email"):
        raise ValueError("A contact needs a user id or an e-mail.")


def _messages(row: Mapping[str, Any], at: datetime) -> Iterator[dict[str, Any]]:
    """Yield what an SDK would have sent: who they are, and where they work."""
    who = {"userId": row.get("user_id"), "email": row.get("email"), "timestamp": at.isoformat()}
    traits = {name: row[name] for name in (*TEXTS, "email") if row.get(name)}
    yield {"type": "identify", **who, "traits": traits}
    yield {"type": "group", **who, "customer": row["customer_id"]}


def _set_what_traits_cannot(rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Set empty texts: to a trait, "" says nothing."""
    telling = [(row, names) for row in rows if (names := [name for name in TEXTS if row.get(name) == ""])]
    contacts = _find([row for row, _ in telling], locked=True)
    for row, names in telling:
        contact = contacts[key_of(row)]
        for name in names:
            setattr(contact, name, "")
            contact.set_at[name] = (row.get("at") or now).isoformat()
    if contacts:
        bulk.update({c.pk: c for c in contacts.values()}.values(), [*TEXTS, "set_at"])


def _changing_their_mind(rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return the known contacts who are to be scored, or not, from now on. Two queries, none where no row says it."""
    telling = [row for row in rows if OBJECTS in row]
    contacts = _find(telling)
    found = ((contacts.get(key_of(row)), row[OBJECTS]) for row in telling)
    return sorted({contact.pk for contact, objects in found if contact and contact.stop_scoring is not objects})


def _settle_objections(rows: Sequence[Mapping[str, Any]], now: datetime, by: User | None) -> None:
    telling = [row for row in rows if OBJECTS in row]
    if telling:
        contacts = _find(telling)
        wishes = {contacts[key_of(row)].pk: bool(row[OBJECTS]) for row in telling}
        objections.settle(wishes, open_day=days.lock_open_day(now), now=now, by=by)


def _settle_refusals(rows: Sequence[Mapping[str, Any]], origin: Origin, now: datetime, by: User | None) -> None:
    refusing = _find([row for row in rows if row.get(REFUSES)])
    # Of who refuses already, first and when stay.
    if new := sorted({contact.pk for contact in refusing.values() if not contact.survey_opt_out}):
        refusals.refuse(new, origin=origin, now=now, by=by)


def _find(rows: Sequence[Mapping[str, Any]], *, locked: bool = False) -> dict[Key, Contact]:
    """Return the contacts of the rows that are known, one object for each person. Two queries, none without rows."""
    if not rows:
        return {}
    keys = [key_of(row) for row in rows]
    identities = Identity.objects.filter(kind__in={k for k, _ in keys}, value__in={v for _, v in keys})
    named = {(kind, value): pk for kind, value, pk in identities.values_list("kind", "value", "contact_id")}
    queryset = Contact.objects.filter(pk__in=[named[key] for key in keys if key in named]).order_by("pk")
    contacts = {contact.pk: contact for contact in (queryset.select_for_update(no_key=True) if locked else queryset)}
    return {key: contacts[pk] for key in keys if (pk := named.get(key)) is not None}
