"""What merging or deleting concerns, before it is done: fields to choose, what moves, names. It writes nothing."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from core.templatetags.show import two_decimals
from customers.curation import refusals
from customers.curation.merges import CONTACT_FIELDS, CUSTOMER_FIELDS
from customers.models import Affiliation, Contact, Customer, Identity, IdentityKind
from events.models import ActiveDay, DailyCount
from records.models import Contract, Invoice, Note, Ticket
from surveys.models import Answer

NAMES_SHOWN = 100
# An amount means nothing without its currency: the two stay together.
_TOGETHER = {"mrr": "currency"}


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """A field in which the two differ, and whose value stays unless somebody chooses otherwise: "kept" or "gone"."""

    name: str
    label: str
    kept: Any
    gone: Any
    wins: str


@dataclass(frozen=True, slots=True)
class Preview:
    fields: Sequence[FieldChoice]
    counts: Sequence[tuple[str, int]]  # what is concerned, and how many of it; never none
    names: Sequence[tuple[str, str]]  # kind in words, and id
    refusal: str = ""  # "" when it can be done


def merge_of_customers(kept: Customer, gone: Customer) -> Preview:
    """Preview a merge. Nine queries; one more for each level above the one that stays."""
    return Preview(
        _choices(kept, gone, CUSTOMER_FIELDS), _of_customer(gone), _names(customer=gone), refusals.customers(kept, gone)
    )


def merge_of_contacts(kept: Contact, gone: Contact) -> Preview:
    """Preview a merge. Six queries."""
    return Preview(
        _choices(kept, gone, CONTACT_FIELDS), _of_contact(gone), _names(contact=gone), refusals.contacts(kept, gone)
    )


def deletion_of_customer(customer: Customer) -> Preview:
    """Preview a deletion. Nine queries."""
    return Preview((), _of_customer(customer), _names(customer=customer), refusals.removal(customer))


def deletion_of_contact(contact: Contact) -> Preview:
    """Preview a deletion. Six queries."""
    return Preview((), _of_contact(contact), _names(contact=contact), refusals.removal(contact))


def wins(preview: Preview, taken: Collection[str]) -> list[str]:
    """Return the fields for the verb: those taken from the one that goes, with what belongs to them."""
    names = [field.name for field in preview.fields if field.name in taken]
    return [*names, *(_TOGETHER[name] for name in names if name in _TOGETHER)]


def _choices(kept: Any, gone: Any, names: Collection[str]) -> list[FieldChoice]:
    """Return the fields in which the one that goes says something else. No query."""
    chosen = [name for name in names if name not in _TOGETHER.values() and _said(gone, name)]
    return [
        FieldChoice(
            name,
            str(kept._meta.get_field(name.removesuffix("_id")).verbose_name),
            _said(kept, name),
            _said(gone, name),
            "kept" if _said(kept, name) else "gone",
        )
        for name in chosen
        if _said(kept, name) != _said(gone, name)
    ]


def _said(row: Any, name: str) -> Any:
    """Return a field's value, with what belongs to it; None where it is empty. 0 is a value."""
    value = getattr(row, name)
    if value in (None, ""):
        return None
    return f"{two_decimals(value)} {getattr(row, _TOGETHER[name])}" if name in _TOGETHER else value


def _of_customer(customer: Customer) -> list[tuple[str, int]]:
    """Count what hangs on a customer. Eight queries."""
    of_customer = {"customer": customer}
    # From the counts: there may be millions of events.
    events = DailyCount.objects.filter(**of_customer).aggregate(n=Sum("count"))["n"] or 0
    return _some(
        (_("Events"), events),
        (_("Contacts"), Contact.objects.standing().filter(**of_customer)),
        (_("Contracts"), Contract.objects.filter(**of_customer)),
        (_("Invoices"), Invoice.objects.filter(**of_customer)),
        (_("Tickets"), Ticket.objects.filter(**of_customer)),
        (_("Notes, calls and meetings"), Note.objects.filter(**of_customer)),
        (_("Survey answers"), Answer.objects.named().filter(**of_customer)),
        (_("Customers below it"), Customer.objects.known().filter(parent=customer)),
    )


def _of_contact(contact: Contact) -> list[tuple[str, int]]:
    """Count what names a contact, at the customers they were ever at. Five queries."""
    places = Affiliation.objects.filter(contact=contact).values_list("customer_id", flat=True)
    whose = {"contact": contact, "customer__in": {contact.customer_id, *places}}
    days = ActiveDay.objects.filter(**whose).values("day").annotate(n=Sum("count")).filter(n__gt=0)
    return _some(
        (_("Days on which they were active"), days),
        (_("Tickets"), Ticket.objects.filter(**whose)),
        (_("Notes, calls and meetings"), Note.objects.filter(**whose)),
        (_("Survey answers"), Answer.objects.named().filter(**whose)),
    )


def _some(*counts: tuple[str, int | QuerySet[Any, Any]]) -> list[tuple[str, int]]:
    numbers = [(label, rows if isinstance(rows, int) else rows.count()) for label, rows in counts]
    return [(label, number) for label, number in numbers if number]


def _names(**whose: Customer | Contact) -> list[tuple[str, str]]:
    """Return the ids that somebody gave, those known longest first. One query."""
    rows = Identity.objects.filter(**whose).exclude(kind=IdentityKind.RAPPORT).order_by("pk")
    return names_in_words(rows.values_list("kind", "value")[:NAMES_SHOWN])


def names_in_words(names: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return ids with their kind in words; the name of another system stays as it is."""
    kinds = {str(kind): str(label) for kind, label in IdentityKind.choices}
    return [(kinds.get(kind, kind), name) for kind, name in names]
