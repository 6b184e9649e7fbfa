"""Short ways to say who did what when, and to ask what became of it."""

from datetime import timedelta

from customers.models import Customer, Identity, IdentityKind
from events.models import Event
from tests.conftest import NOW


def at(days: float) -> str:
    """Return the time so many days before NOW, as SDKs write it."""
    return (NOW - timedelta(days=days)).isoformat()


def identify(days: float = 0, **fields):
    return {"type": "identify", "timestamp": at(days), **fields}


def group(company: str, days: float = 0, **fields):
    return {"type": "group", "groupId": company, "timestamp": at(days), **fields}


def track(days: float = 0, event: str = "Report created", **fields):
    return {"type": "track", "event": event, "timestamp": at(days), **fields}


def contact_of(kind: str, value: str):
    return Identity.objects.select_related("contact__customer").get(kind=kind, value=value).contact


def user(value: str):
    return contact_of(IdentityKind.USER, value)


def anonymous(value: str):
    return contact_of(IdentityKind.ANONYMOUS, value)


def company(value: str) -> Customer:
    return Customer.objects.get(identities__kind=IdentityKind.COMPANY, identities__value=value)


def days_at(customer: Customer) -> list[int]:
    """Return how many days before NOW the customer's live events happened, oldest first."""
    events = Event.objects.live().filter(customer=customer).order_by("occurred_at")
    return [round((NOW - event.occurred_at) / timedelta(days=1)) for event in events]
