"""Snoozing customers on the at-risk list, and marking them as handled. Either ends by itself.

A handled customer comes back at once when its health falls further (`CustomerQuerySet.at_risk`): what was done did not
help. A snoozed one stays away until the chosen day, whatever happens.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from core.days import business_day
from customers.models import Customer, Snooze
from staff.models import User

LONGEST = timedelta(days=180)
HANDLED_FOR = timedelta(days=14)  # as long as a fall of health is looked back for


def snooze(customer: Customer, *, until: date, reason: str, now: datetime, by: User | None) -> Snooze:
    """Snooze a customer up to and including a day; see `snooze_all`."""
    return snooze_all([customer], until=until, reason=reason, now=now, by=by)[0]


def handle(customer: Customer, *, reason: str, now: datetime, by: User | None) -> Snooze:
    """Mark a customer as handled; see `handle_all`."""
    return handle_all([customer], reason=reason, now=now, by=by)[0]


@transaction.atomic
def snooze_all(
    customers: Sequence[Customer], *, until: date, reason: str, now: datetime, by: User | None
) -> list[Snooze]:
    """Leave customers out of the at-risk list up to and including a day. One query.

    A customer that is snoozed already gets the new day and reason. Raises ValueError without a reason, or for a day
    that is past or further away than LONGEST.
    """
    if not reason.strip():
        raise ValueError("Say why.")
    if not business_day(now) <= until <= business_day(now) + LONGEST:
        raise ValueError(f"Choose a day within the next {LONGEST.days} days.")
    snoozes = [Snooze(customer=customer, kind=Snooze.Kind.SNOOZED, until=until) for customer in customers]
    return _save(snoozes, reason=reason, now=now, by=by)


@transaction.atomic
def handle_all(customers: Sequence[Customer], *, reason: str, now: datetime, by: User | None) -> list[Snooze]:
    """Leave customers out of the at-risk list for HANDLED_FOR, in which what was done can show. Two queries.

    Their health is kept: falling further ends it. Raises ValueError without saying what was done.
    """
    if not reason.strip():
        raise ValueError("Say what was done.")
    until = business_day(now) + HANDLED_FOR
    health = dict(
        Customer.objects.filter(pk__in=[customer.pk for customer in customers]).values_list("pk", "score__health")
    )
    snoozes = [
        Snooze(customer=customer, kind=Snooze.Kind.HANDLED, until=until, health=health.get(customer.pk))
        for customer in customers
    ]
    return _save(snoozes, reason=reason, now=now, by=by)


def end_snooze(*customers: Customer) -> None:
    """Bring customers back into the list if they are at risk. Does nothing for one that is not snoozed."""
    Snooze.objects.filter(customer__in=customers).delete()


def _save(snoozes: list[Snooze], *, reason: str, now: datetime, by: User | None) -> list[Snooze]:
    """Write the snoozes over those that exist. One query."""
    for snooze in snoozes:
        snooze.reason, snooze.at, snooze.by = reason.strip()[:300], now, by
    return Snooze.objects.bulk_create(
        snoozes,
        update_conflicts=True,
        unique_fields=["customer"],
        update_fields=["kind", "until", "reason", "at", "by", "health"],
    )
