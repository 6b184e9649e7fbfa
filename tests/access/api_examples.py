"""What the addresses of the API are called with."""

import uuid
from typing import Any

from customers.models import Contact, Customer, Identity, Segment
from events.models import EventType
from playbooks.models import Task
from records.models import Contract, Invoice, Note, Ticket
from scoring.models import ScoringModel
from staff.models import User
from tests.conftest import NOW

TASKS = ("task", "finish-task", "reopen-task", "cancel-task")
RECORDS = {"contract": Contract, "invoice": Invoice, "ticket": Ticket, "note": Note}


def of_the_api(people: dict[str, User], customers: dict[str, Customer]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return what each address of the API is called with: of everybody, of oneself, of others."""
    pks = {name: {"pk": customer.pk} for name, customer in customers.items()}
    lists = ("customer", "snooze", "events", "acts", "history", "score", *(f"{kind}s" for kind in RECORDS))
    found: dict[str, dict[str, dict[str, Any]]] = {f"api:{name}": pks for name in lists}
    for whose, customer in customers.items():
        Identity.objects.create(kind="company", value=whose, customer=customer)
        contact = Contact.objects.create(customer=customer, created_at=NOW)
        Identity.objects.create(kind="user", value=whose, contact=contact)
        Identity.objects.create(kind="email", value=f"{customer.pk}@example.com", contact=contact)
        record = uuid.uuid5(uuid.NAMESPACE_DNS, whose)
        _written(customer, record)
        values = {
            "customer-by-id": {"company_id": whose},
            "contact": {"pk": contact.pk},
            "contact-by-user-id": {"user_id": whose},
            "contact-by-email": {"email": f"{customer.pk}@example.com"},
            **{kind: {"pk": customer.pk, "record": record} for kind in RECORDS},
            **{name: {"pk": customer.pk, "task": record} for name in TASKS},
        }
        for name, parts in values.items():
            found.setdefault(f"api:{name}", {})[whose] = parts
        for kind in RECORDS:
            parts = {"pk": customer.pk, "external_id": "x"}
            found.setdefault(f"api:{kind}-by-id", {})[f"{whose}, record"] = parts
    shared = Segment.objects.create(name="All", owner=people["csm"], is_shared=True, created_at=NOW)
    private = Segment.objects.create(name="Mine", owner=people["csm"], created_at=NOW)
    segments = {"of everybody": {"pk": shared.pk}, "of somebody else": {"pk": private.pk}}
    kind = EventType.objects.get(name="Meeting held")
    draft = ScoringModel.objects.drafts().latest("pk")
    for name in ("customer", "contact"):
        found[f"api:merge-{name}"] = found[f"api:{name}"]
    return {
        **found,
        "api:customer-forecast": {whose: {**values, "month": f"{NOW:%Y-%m}"} for whose, values in pks.items()},
        "api:move-contact": found["api:contact"],
        "api:segment": segments,
        "api:segment-members": segments,
        "api:segment-over-time": segments,
        "api:what-if": {"": {"pk": draft.pk}, "of nobody": {"pk": 999_999}},
        "api:prepare-what-if": {"": {"pk": ScoringModel.objects.current().pk}},  # a lead's POST prepares a draft
        "api:event-type": {"": {"pk": kind.pk}},
        "api:event-type-by-name": {"": {"name": kind.name}, "of nobody": {"name": "Nothing"}},
        "api:scoring-model": {"": {"pk": ScoringModel.objects.current().pk}},
        "api:nowhere": {"": {"address": "no/such/address/"}},
    }


def _written(customer: Customer, record: uuid.UUID) -> None:
    own = {"customer": customer, "id": record}
    Contract.objects.create(**own, name="Annual", starts_on=NOW.date(), currency="EUR")
    Invoice.objects.create(**own, number="1", issued_on=NOW.date(), amount=1, currency="EUR")
    Ticket.objects.create(**own, subject="Help", opened_at=NOW)
    Note.objects.create(**own, text="Called", at=NOW)
    Task.objects.create(**own, title="Call", created_at=NOW)
