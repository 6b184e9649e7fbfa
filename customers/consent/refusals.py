"""Refusing surveys, and taking it back; addresses that do not work. What is refused belongs to the address.

Every door may add a refusal. `lift` is for the page a person reaches from a mail of ours, and for nothing else.
`Contact.survey_opt_out` says the same on the contact's row, for lists and filters. A contact without an address has
only that; the refusal goes over to the first address it gets, and to every later one.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.consent import addresses
from customers.models import Act, AddressConsent, Contact, Origin
from staff.models import User

OPTED_OUT, BOUNCED = AddressConsent.Kind.OPTED_OUT, AddressConsent.Kind.BOUNCED
LIFTED = "lifted"  # of an act: what is taken back leaves no row


def stands(kind: AddressConsent.Kind, address: str = "address") -> Exists:
    """Return, for a query of rows with an address's hash, whether this is known of the address."""
    return Exists(AddressConsent.objects.filter(address=OuterRef(address), kind=kind))


def refused(emails: Collection[str]) -> set[str]:
    """Return those of the addresses, as they are written, that want no surveys. One query, none without addresses."""
    digests = {email: addresses.digest(email) for email in emails}
    standing = set(_standing({*digests.values()} - {None}))
    return {email for email, address in digests.items() if address in standing}


def refuse(
    contacts: Collection[int],
    *,
    also: Collection[bytes] = (),
    origin: Origin,
    now: datetime,
    by: User | None = None,
    wait: bool = False,
) -> list[int]:
    """Note that contacts want no surveys, and whoever has their addresses or those of `also`; return who is new to it.

    In the caller's transaction. Idempotent: who refused first, and when, stays. Four queries at most, two where
    nothing is new. Contacts of the same address that others hold are passed over unless the caller may `wait`, which is
    safe only while it holds no other rows; no mail leaves for them all the same, as sending asks the address.
    """
    known = {*also, *_addresses(contacts)}
    unaware = Contact.objects.filter(survey_opt_out=False).order_by("pk")
    # Contacts before their addresses, as ingestion takes them: two that wait for each other would be ended.
    new = list(_locked(unaware.filter(Q(pk__in=contacts) | Q(address__in=known) if wait else Q(pk__in=contacts))))
    _keep(dict.fromkeys(known, origin), now, by)
    if not wait:
        new += _locked(unaware.filter(address__in=known).exclude(pk__in=contacts), skip_locked=True)
    _flag(new, True)
    _tell(new, OPTED_OUT, origin, now, by)
    return [row.pk for row in new]


def lift(contacts: Collection[int], *, also: Collection[bytes] = (), now: datetime) -> list[int]:
    """Take back what a person refused: for these contacts, their addresses and `also`, and whoever has these.

    Only the person may: called by the page behind the link in their mail. That an address does not work stays known.
    Returns for whom that is new. In the caller's transaction.
    """
    known = {*also, *_addresses(contacts)}
    refusing = Contact.objects.filter(Q(pk__in=contacts) | Q(address__in=known), survey_opt_out=True)
    rows = list(_locked(refusing.order_by("pk")))
    AddressConsent.objects.filter(address__in=known, kind=OPTED_OUT).delete()
    _flag(rows, False)
    _tell(rows, LIFTED, Origin.PERSON, now)
    return [row.pk for row in rows]


def note_bounce(address: bytes, *, now: datetime) -> None:
    """Note that mail to an address comes back; told once at each contact that has it. Two to four queries."""
    row = AddressConsent(address=address, kind=BOUNCED, origin=Origin.PROVIDER, at=now)
    is_known = AddressConsent.objects.filter(address=address, kind=BOUNCED).exists()
    AddressConsent.objects.bulk_create([row], ignore_conflicts=True)
    if not is_known:
        rows = list(Contact.objects.filter(address=address).only("customer_id").order_by("pk"))
        _tell(rows, BOUNCED, Origin.PROVIDER, now)


def go_over(rows: Collection[Contact], *, refused: Collection[int], called: Collection[int], now: datetime) -> None:
    """Let refusals follow contacts whose address or whose refusal is new; call it before the rows are written.

    `rows` are locked by the caller and carry what is new: who refuses brings the refusal to the address, and who does
    not takes over what stands there. `refused` did so before; `called` are those of whom an identify call says it. One
    query where nothing is refused, none without rows.
    """
    standing = set(_standing({_of(row) for row in rows} - {None}))
    brought: dict[bytes, Origin] = {}
    for row in rows:
        address, origin = _of(row), Origin.SDK if row.pk in called else Origin.CONTACT
        if address is not None and row.survey_opt_out and address not in standing:
            brought[address] = origin
        row.survey_opt_out = row.survey_opt_out or address in standing
    _keep(brought, now, None)
    others = Contact.objects.filter(address__in=brought, survey_opt_out=False) if brought else Contact.objects.none()
    told = list(_locked(others.exclude(pk__in=[row.pk for row in rows]).order_by("pk"), skip_locked=True))
    _flag(told, True)
    new = [row for row in rows if row.survey_opt_out and row.pk not in refused]
    _tell([row for row in new if row.pk in called], OPTED_OUT, Origin.SDK, now)
    _tell([*told, *(row for row in new if row.pk not in called)], OPTED_OUT, Origin.CONTACT, now)


def _standing(digests: Collection[bytes | None]) -> Iterable[bytes]:
    if not digests:
        return ()
    rows = AddressConsent.objects.filter(address__in=digests, kind=OPTED_OUT)
    return [bytes(address) for address in rows.values_list("address", flat=True)]


def _of(row: Contact) -> bytes | None:
    return bytes(row.address) if row.address else None


def _addresses(contacts: Collection[int]) -> set[bytes]:
    rows = Contact.objects.filter(pk__in=contacts, address__isnull=False)
    return {bytes(address) for address in rows.values_list("address", flat=True) if address} if contacts else set()


def _keep(origins: Mapping[bytes, Origin], now: datetime, by: User | None) -> None:
    """Note refusals, of each address once, in order of address as every writer does."""
    rows = [
        AddressConsent(address=address, kind=OPTED_OUT, origin=origin, at=now, by=by)
        for address, origin in sorted(origins.items())
    ]
    if rows:
        AddressConsent.objects.bulk_create(rows, ignore_conflicts=True)


def _locked(rows: "QuerySet[Contact]", *, skip_locked: bool = False) -> "QuerySet[Contact]":
    return rows.only("customer_id").select_for_update(no_key=True, skip_locked=skip_locked, of=("self",))


def _flag(rows: Collection[Contact], refuses: bool) -> None:
    if rows:
        Contact.objects.filter(pk__in=[row.pk for row in rows]).update(survey_opt_out=refuses)


def _tell(rows: Collection[Contact], what: str, origin: Origin, now: datetime, by: User | None = None) -> None:
    """Leave an act at each contact's customer, for its timeline."""
    acts = [
        Act(
            kind=Act.Kind.CONSENT,
            customer_id=row.customer_id,
            at=now,
            by=by,
            detail={"contact": row.pk, "what": what, "origin": origin},
        )
        for row in rows
    ]
    if acts:
        Act.objects.bulk_create(acts)
