"""Snoozing customers, and marking them as handled: on Today and in the at-risk list. Either ends by itself.

It ends at once when health falls further (`CustomerQuerySet.at_risk`): a handled customer was not helped by what was
done, and a snoozed one cannot wait. On Today a new reason ends it too (`desk.today`), which is why each is kept as a
Mark with the reasons that stood.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from core.days import ONE_DAY, business_day, start
from customers.models import Customer, Mark, Snooze
from staff.models import User

LONGEST = timedelta(days=180)
HANDLED_FOR = timedelta(days=14)  # as long as a fall of health is looked back for

Stood = Mapping[int, Collection[str]]  # customer → the keys of the reasons that stand


def snooze(customer: Customer, *, until: date, reason: str, now: datetime, by: User | None) -> Snooze:
    """Snooze a customer up to and including a day; see `snooze_all`."""
    return snooze_all([customer], until=until, reason=reason, now=now, by=by)[0]


def handle(customer: Customer, *, reason: str, now: datetime, by: User | None) -> Snooze:
    """Mark a customer as handled; see `handle_all`."""
    return handle_all([customer], reason=reason, now=now, by=by)[0]


@transaction.atomic
def snooze_all(
    customers: Sequence[Customer],
    *,
    until: date,
    reason: str,
    now: datetime,
    by: User | None,
    back_at: datetime | None = None,
    stood: Stood | None = None,
) -> list[Snooze]:
    """Leave customers out of the lists up to and including a day, on Today up to `back_at`. Three queries.

    A customer that is snoozed already gets the new day and reason. Raises ValueError without a reason, or for a day
    that is past or further away than LONGEST.
    """
    if not reason.strip():
        raise ValueError("Say why.")
    if not business_day(now) <= until <= business_day(now) + LONGEST:
        raise ValueError(f"Choose a day within the next {LONGEST.days} days.")
    back = back_at or start(until + ONE_DAY)
    return _save(customers, Snooze.Kind.SNOOZED, until=until, back_at=back, reason=reason, now=now, by=by, stood=stood)


@transaction.atomic
def handle_all(
    customers: Sequence[Customer], *, reason: str, now: datetime, by: User | None, stood: Stood | None = None
) -> list[Snooze]:
    """Leave customers out of the lists for HANDLED_FOR, in which what was done can show. Three queries.

    Raises ValueError without saying what was done.
    """
    if not reason.strip():
        raise ValueError("Say what was done.")
    until = business_day(now) + HANDLED_FOR
    back = start(until + ONE_DAY)
    return _save(customers, Snooze.Kind.HANDLED, until=until, back_at=back, reason=reason, now=now, by=by, stood=stood)


@transaction.atomic
def end_snooze(*customers: Customer, now: datetime) -> None:
    """Bring customers back into the lists. Does nothing for one that is neither snoozed nor handled. Two queries."""
    Snooze.objects.filter(customer__in=customers).delete()
    Mark.objects.filter(customer__in=customers, ended_at=None, back_at__gt=now).update(ended_at=now)


@transaction.atomic
def take_back(mark: Mark, *, now: datetime) -> bool:
    """Undo a mark as if it had never been made: the one before it holds again while it lasts. Four queries.

    Returns False where somebody has marked the customer since: theirs stands.
    """
    Customer.objects.select_for_update(no_key=True).filter(pk=mark.customer_id).first()
    last, before = [*Mark.objects.filter(customer=mark.customer_id).order_by("-at", "id")[:2], None, None][:2]
    if last is None or last.id != mark.id:
        return False
    Mark.objects.filter(customer=mark.customer_id, id=mark.id).delete()
    if before is None or before.ended_at is not None or before.back_at <= now:
        Snooze.objects.filter(customer=mark.customer_id).delete()
    else:
        _hold([before])
    return True


def _save(
    customers: Sequence[Customer],
    kind: Snooze.Kind,
    *,
    until: date,
    back_at: datetime,
    reason: str,
    now: datetime,
    by: User | None,
    stood: Stood | None,
) -> list[Snooze]:
    ids = [customer.pk for customer in customers]
    scores = Customer.objects.filter(pk__in=ids).values_list("pk", "score__health", "score__model")
    known = {pk: (health, model) for pk, health, model in scores}
    marks = [
        Mark(
            customer=customer,
            kind=kind,
            reason=reason.strip()[:300],
            at=now,
            by=by,
            back_at=back_at,
            stood=None if stood is None else sorted(stood.get(customer.pk, ())),
            health=known.get(customer.pk, (None, None))[0],
            model=known.get(customer.pk, (None, None))[1],
        )
        for customer in customers
    ]
    Mark.objects.bulk_create(marks)
    return _hold(marks)


def _hold(marks: Sequence[Mark]) -> list[Snooze]:
    """Have the lists go by these marks. One query."""
    snoozes = [
        Snooze(
            customer_id=mark.customer_id,
            kind=mark.kind,
            until=business_day(mark.back_at) - ONE_DAY,
            reason=mark.reason,
            at=mark.at,
            by_id=mark.by_id,
            health=mark.health,
        )
        for mark in marks
    ]
    return Snooze.objects.bulk_create(
        snoozes,
        update_conflicts=True,
        unique_fields=["customer"],
        update_fields=["kind", "until", "reason", "at", "by", "health"],
    )
