"""Who is at a customer, who of them is active, and who was the most active there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, F, Func, IntegerField, Max, Min, OuterRef, Q, Subquery, When, Window
from django.db.models.functions import Coalesce, JSONObject

from customers.models import Contact, Customer
from events.models import ActiveNow
from scoring.risk import signals_query
from scoring.risk.signals import HABIT_DAYS, Champion, Habit

SHOWN = 4
LOOK_BACK = 365  # days: further would open every partition
LATELY = 30


@dataclass(frozen=True, slots=True)
class People:
    contacts: list[Contact]  # those active last, with `last_active_on` and `active_days` of the last 30
    count: int  # of all
    scored: int  # without those who object
    active: int  # in the last 30 days
    champion: Champion | None


class _NumberOf(Func):
    """COUNT over a window of groups: Django's own Count refuses the aggregates of the groups."""

    function = "COUNT"
    output_field = IntegerField()
    window_compatible = True


def most_active(today: date) -> Subquery:
    """Return the annotation of a customer that `load_people` reads: the contact active on the most days of half a year.

    With it, how many contacts were active lately: both need the same groups of active days, which are read once.
    """
    lately = Case(When(last__gt=today - timedelta(days=LATELY), then=1))
    rows = (
        ActiveNow.objects.filter(
            customer=OuterRef("pk"),
            day__range=(today - timedelta(days=HABIT_DAYS), today),
            contact__customer=OuterRef("pk"),
        )
        .values("contact", "contact__name", "contact__email")
        .annotate(days=Count("day", distinct=True), first=Min("day"), last=Max("day"))
        .annotate(lately=Window(_NumberOf(lately)))
        .order_by("-days", "contact")
    )
    fields = {"name": "contact__name", "email": "contact__email"}
    return Subquery(rows.values(row=JSONObject(**fields, days="days", first="first", last="last", lately="lately"))[:1])


def load_people(customer: Customer, today: date) -> People:
    """Return the people of a customer annotated with `most_active`. One query, two where the champion is silent."""
    contacts = list(_last_active_first(customer, today)[:SHOWN])
    row = customer.most_active  # type: ignore[attr-defined] # annotated
    return People(
        contacts=contacts,
        count=contacts[0].total if contacts else 0,
        scored=contacts[0].scored if contacts else 0,
        active=0 if row is None else row["lately"],
        champion=None if row is None else _champion(customer, row, today),
    )


def _last_active_first(customer: Customer, today: date):  # type: ignore[no-untyped-def] # an annotated queryset
    days = ActiveNow.objects.filter(customer=customer, contact=OuterRef("pk"))
    last = days.filter(day__gte=today - timedelta(days=LOOK_BACK)).order_by("-day").values("day")[:1]
    lately = (
        days.filter(day__gt=today - timedelta(days=LATELY), day__lte=today)
        .values("contact")
        .annotate(n=Count("day", distinct=True))
        .values("n")
    )
    contacts = Contact.objects.standing().filter(customer=customer).defer("traits", "set_at")
    return contacts.annotate(
        last_active_on=Subquery(last),
        active_days=Coalesce(Subquery(lately), 0),
        total=Window(Count("pk")),
        scored=Window(Count("pk", filter=Q(stop_scoring=False))),
    ).order_by(F("last_active_on").desc(nulls_last=True), "name", "pk")


def _champion(customer: Customer, row: Mapping[str, Any], today: date) -> Champion:
    first, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
    champion = Champion(row["name"] or row["email"], Habit.between(first, last, row["days"], today=today))
    if not champion.is_missed:
        return champion
    left = signals_query.departed(customer, since=today - timedelta(days=HABIT_DAYS))
    return replace(champion, has_left=not left.isdisjoint({row["name"].casefold(), row["email"].casefold()} - {""}))
