"""Who is at a customer, who of them is active, and who was the most active there."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Max, Min, OuterRef, Subquery, Window
from django.db.models.functions import Coalesce

from customers.models import Contact, Customer
from customers.profile.steps import Champion
from events.models import ActiveDay

SHOWN = 8
LOOK_BACK = 365  # days: further would open every partition
LATELY = 30
HALF_A_YEAR = 180


@dataclass(frozen=True, slots=True)
class People:
    contacts: list[Contact]  # those active last, with `last_active_on` and `active_days` of the last 30
    count: int
    active: int  # in the last 30 days
    champion: Champion | None


def of(customer: Customer, today: date) -> People:
    """Return who is there. Three queries, whatever the number."""
    contacts = list(_last_active_first(customer, today)[:SHOWN])
    lately = ActiveDay.objects.filter(
        customer=customer, contact__customer=customer, day__gt=today - timedelta(days=LATELY), day__lte=today
    )
    return People(
        contacts=contacts,
        count=contacts[0].total if contacts else 0,
        active=lately.aggregate(n=Count("contact", distinct=True))["n"],
        champion=_champion(customer, today),
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


def _champion(customer: Customer, today: date) -> Champion | None:
    since = today - timedelta(days=HALF_A_YEAR)
    row = (
        ActiveDay.objects.filter(customer=customer, day__range=(since, today), contact__customer=customer)
        .values_list("contact", "contact__name", "contact__email")
        .annotate(days=Count("day", distinct=True), first=Min("day"), last=Max("day"))
        .order_by("-days", "contact")
        .first()
    )
    if row is None:
        return None
    _pk, name, email, days, first, last = row
    gap = max(1, round((last - first).days / (days - 1))) if days > 1 else 0
    return Champion(name=name or email, active_days=days, silence=(today - last).days, gap=gap)
