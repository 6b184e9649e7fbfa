"""Who is at a customer, who of them is active, and who was the most active there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, F, Func, IntegerField, Max, Min, OuterRef, Subquery, When, Window
from django.db.models.functions import Coalesce

from customers.models import Contact, Customer
from events.models import ActiveDay
from scoring.risk.signals import HABIT_DAYS, Champion, Habit

SHOWN = 8
LOOK_BACK = 365  # days: further would open every partition
LATELY = 30


@dataclass(frozen=True, slots=True)
class People:
    contacts: list[Contact]  # those active last, with `last_active_on` and `active_days` of the last 30
    count: int
    active: int  # in the last 30 days
    champion: Champion | None


class _NumberOf(Func):
    """COUNT over a window of groups: Django's own Count refuses the aggregates of the groups."""

    function = "COUNT"
    output_field = IntegerField()
    window_compatible = True


def of(customer: Customer, today: date) -> People:
    """Return who is there. Two queries, whatever the number."""
    contacts = list(_last_active_first(customer, today)[:SHOWN])
    most_active = _most_active_first(customer, today).first()
    return People(
        contacts=contacts,
        count=contacts[0].total if contacts else 0,
        active=0 if most_active is None else most_active["lately"],
        champion=None if most_active is None else _champion(most_active, today),
    )


def _last_active_first(customer: Customer, today: date):  # type: ignore[no-untyped-def] # an annotated queryset
    days = ActiveDay.objects.filter(customer=customer, contact=OuterRef("pk"))
    last = days.filter(day__gte=today - timedelta(days=LOOK_BACK)).order_by("-day").values("day")[:1]
    lately = (
        days.filter(day__gt=today - timedelta(days=LATELY), day__lte=today)
        .values("contact")
        .annotate(n=Count("day", distinct=True))
        .values("n")
    )
    contacts = Contact.objects.filter(customer=customer).defer("traits", "set_at")
    return contacts.annotate(
        last_active_on=Subquery(last), active_days=Coalesce(Subquery(lately), 0), total=Window(Count("pk"))
    ).order_by(F("last_active_on").desc(nulls_last=True), "name", "pk")


def _most_active_first(customer: Customer, today: date):  # type: ignore[no-untyped-def] # an annotated queryset
    """Return the contacts active in half a year, each with how many of them all were active of late."""
    since = today - timedelta(days=HABIT_DAYS)
    lately = Case(When(last__gt=today - timedelta(days=LATELY), then=1))
    return (
        ActiveDay.objects.filter(customer=customer, day__range=(since, today), contact__customer=customer)
        .values("contact", "contact__name", "contact__email")
        .annotate(days=Count("day", distinct=True), first=Min("day"), last=Max("day"))
        .annotate(lately=Window(_NumberOf(lately)))
        .order_by("-days", "contact")
    )


def _champion(row: Mapping[str, Any], today: date) -> Champion:
    name = row["contact__name"] or row["contact__email"]
    return Champion(name, Habit.between(row["first"], row["last"], row["days"], today=today))
