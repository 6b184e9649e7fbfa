"""What was put right: a merge and a deletion, corrections and partings in each of their states."""

from datetime import date
from typing import Any

from customers.curation import merges, removals
from customers.models import Act, Contact, Customer, Identity
from customers.people import shared
from events.corrections import lifecycle as correcting
from events.corrections import work as correction_work
from events.parting import lifecycle as parting
from events.parting import work as parting_work
from records import contacts
from tests.conftest import NOW


def put_right(customer: Customer) -> dict[str, dict[str, dict[str, Any]]]:
    """Return a merge and a deletion, which the pages undo, of contacts at the customer."""
    people = [{"customer_id": customer.pk, "user_id": name, "name": name} for name in ("kept", "gone", "test")]
    kept, gone, test = contacts.write(people, now=NOW)
    merge = {"pk": merges.contacts(kept, gone, wins=(), now=NOW, by=None).pk}
    deletion = {"pk": removals.contact(test, reason="A test", now=NOW, by=None).pk}
    refused = {"pk": Act.objects.create(customer=customer, kind=Act.Kind.RECORD, at=NOW).pk}
    nothing = {"of nobody": {"pk": 999_999}}
    return {
        "desk:undo-act": {"a merge": merge, "a deletion": deletion, **nothing},
        "desk:release-act": {"a deletion": deletion, **nothing},
        # A POST there needs no body: these refuse.
        "api:undo-act": {"": refused},
        "api:release-act": {"": refused},
    }


def corrected(customer: Customer) -> dict[str, dict[str, Any]]:
    """Return a correction in each of the states that have a page of their own."""
    waiting = correcting.withdraw(customer=customer, now=NOW, by=None)
    done = correcting.withdraw(customer=customer, last_on=date(2026, 1, 1), now=NOW, by=None)
    correction_work.go_on(clock=lambda: NOW)
    correcting.cancel(done, now=NOW)
    ready = {"pk": waiting.pk}
    waiting = correcting.withdraw(customer=customer, now=NOW, by=None)
    return {"ready": ready, "counting": {"pk": waiting.pk}, "cancelled": {"pk": done.pk}}


def parted(customer: Customer) -> dict[str, dict[str, Any]]:
    """Return a parting in each of the states that have a page of their own."""
    contact = Contact.objects.create(customer=customer, name="Till", created_at=NOW)
    names = [Identity(kind="user", value="till-7", contact=contact)]
    names += [Identity(kind="anonymous", value=f"till-{n}", contact=contact) for n in range(5)]
    Identity.objects.bulk_create(names)
    shared.look_at(contact.pk, contact.pk, now=NOW)
    ready, done = (parting.ask(names[0], "device", now=NOW, by=None) for _ in range(2))
    parting_work.go_on(clock=lambda: NOW)
    parting.cancel(done, now=NOW)
    waiting = parting.ask(names[0], "company", now=NOW, by=None)
    return {"ready": {"pk": ready.pk}, "counting": {"pk": waiting.pk}, "cancelled": {"pk": done.pk}}
