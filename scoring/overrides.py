"""A colleague's judgement over a customer's health: set with a reason and a last day, taken back, ended by itself."""

from datetime import date, datetime, timedelta

from django.db import transaction

from core import days
from customers import change_feed, inputs
from customers.models import Change, Customer
from scoring.engine.inputs import OVERRIDE
from scoring.models import Override
from staff.models import User

LONGEST = timedelta(days=365)


@transaction.atomic
def put(customer: Customer, *, health: int, until: date, reason: str, now: datetime, by: User | None) -> Override:
    """Set a customer's health (0 to 100) up to and including a day; an override that stands is followed by this one.

    Raises ValueError without a reason, or for a health or a day out of range.
    """
    if not reason.strip():
        raise ValueError("Say why.")
    if not 0 <= health <= 100:
        raise ValueError("Health lies between 0 and 100.")
    if not days.business_day(now) <= until <= days.business_day(now) + LONGEST:
        raise ValueError(f"Choose a day within the next {LONGEST.days} days.")
    before = _end(customer, now)
    _log(customer, health * 1000, until.isoformat(), now)
    _note_change(customer, before, health, now, by)
    return Override.objects.create(
        customer=customer, health=health, until=until, reason=reason.strip()[:300], set_at=now, set_by=by
    )


@transaction.atomic
def take_back(customer: Customer, *, now: datetime, by: User | None) -> None:
    """End the override that stands, if one does."""
    before = _end(customer, now)
    if before is not None:
        _log(customer, None, None, now)
        _note_change(customer, before, None, now, by)


def standing(customer: Customer, today: date) -> Override | None:
    """Return the override that holds today. One query."""
    rows = Override.objects.select_related("set_by").filter(customer=customer, ended_at=None, until__gte=today)
    return rows.first()


def _end(customer: Customer, now: datetime) -> Override | None:
    # Locked: of two colleagues at once, the second ends what the first has just set.
    Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    row = Override.objects.filter(customer=customer, ended_at=None).first()
    Override.objects.filter(customer=customer, ended_at=None).update(ended_at=now)
    return row if row and row.until >= days.business_day(now) else None


def _log(customer: Customer, thousandths: int | None, until: str | None, now: datetime) -> None:
    assert customer.pk is not None
    # Logged like any input, so that a past day is recomputed with the override that stood then.
    inputs.log([(customer.pk, OVERRIDE, days.lock_open_day(now), thousandths, until)])
    change_feed.note([customer.pk])


def _note_change(
    customer: Customer, before: Override | None, health: int | None, now: datetime, by: User | None
) -> None:
    Change.objects.create(
        customer=customer, at=now, by=by, fields={"health": [None if before is None else before.health, health]}
    )
