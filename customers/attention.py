"""Resting from the at-risk list: snoozed for a reason, or handled and to be looked at again. It ends by itself.

A handled customer comes back at once when its health falls further (`CustomerQuerySet.at_risk`): what was done did not
help. A snoozed one rests until the day that was chosen, whatever happens.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from customers.models import Customer, Snooze
from staff.models import User

LONGEST = timedelta(days=180)
HANDLED_FOR = timedelta(days=14)  # as long as a fall of health is looked back for


def snooze(customer: Customer, *, until: date, reason: str, now: datetime, by: User | None) -> Snooze:
    """Let the customer rest up to and including a day. Raises ValueError without a reason or for a day out of range."""
    return snooze_all([customer], until=until, reason=reason, now=now, by=by)[0]


def handle(customer: Customer, *, reason: str, now: datetime, by: User | None) -> Snooze:
    """Mark as handled: what was done gets two weeks to show. Raises ValueError without saying what was done."""
    return handle_all([customer], reason=reason, now=now, by=by)[0]


@transaction.atomic
def snooze_all(
    customers: Sequence[Customer], *, until: date, reason: str, now: datetime, by: User | None
) -> list[Snooze]:
    """Let them rest; see `snooze`. One query."""
    if not reason.strip():
        raise ValueError("Say why.")
    if not now.date() <= until <= now.date() + LONGEST:
        raise ValueError(f"Choose a day within the next {LONGEST.days} days.")
    return _rest([Snooze(customer=one, kind=Snooze.Kind.SNOOZED, until=until) for one in customers], reason, now, by)


@transaction.atomic
def handle_all(customers: Sequence[Customer], *, reason: str, now: datetime, by: User | None) -> list[Snooze]:
    """Mark them as handled; see `handle`. Two queries."""
    if not reason.strip():
        raise ValueError("Say what was done.")
    until = now.date() + HANDLED_FOR
    health = dict(Customer.objects.filter(pk__in=[one.pk for one in customers]).values_list("pk", "score__health"))
    rests = [
        Snooze(customer=one, kind=Snooze.Kind.HANDLED, until=until, health=health.get(one.pk)) for one in customers
    ]
    return _rest(rests, reason, now, by)


def wake(*customers: Customer) -> None:
    """End the rest; the customers are in the list again if they are at risk."""
    Snooze.objects.filter(customer__in=customers).delete()


def _rest(rests: list[Snooze], reason: str, now: datetime, by: User | None) -> list[Snooze]:
    """Write the rests over those that stand. One query."""
    for rest in rests:
        rest.reason, rest.at, rest.by = reason.strip()[:300], now, by
    return Snooze.objects.bulk_create(
        rests,
        update_conflicts=True,
        unique_fields=["customer"],
        update_fields=["kind", "until", "reason", "at", "by", "health"],
    )
