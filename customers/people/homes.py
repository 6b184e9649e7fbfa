"""Customers in no list, where people are at home who belong to no company."""

from collections.abc import Sequence
from datetime import datetime

from core import days
from core.db import bulk
from customers import described
from customers.models import Contact, Customer, Identity, Kind, Stage
from customers.people import Company


def row(name: str, now: datetime) -> Customer:
    """Return a home that is not stored yet."""
    return Customer(name=name, kind=Kind.PERSON, stage=Stage.ACTIVE, provisional=True, created_at=now)


def move_into_new(contact: int, now: datetime) -> Company:
    """Give a stored contact a home of its own, as it belongs to no company any more. Six queries, seldom any."""
    [home] = move_all_into_new([Contact.objects.get(pk=contact)], now)
    return Company(home.pk, provisional=True, row=home)


def move_all_into_new(people: Sequence[Contact], now: datetime) -> Sequence[Customer]:
    """Give each of these contacts a home of its own. Six queries, none without any."""
    if not people:
        return ()
    nameless = [person.pk for person in people if not person.name and not person.email]
    called = dict(Identity.objects.filter(contact__in=nameless).order_by("-pk").values_list("contact", "value"))
    homes = [row(called.get(person.pk, str(person))[:200], now) for person in people]
    described.create_customers(homes, days.business_day(now))
    for person, home in zip(people, homes, strict=True):
        person.customer, person.joined_at = home, None
    bulk.update(people, ["customer_id", "joined_at"])
    return homes


def leave(home: int | None, company: Company) -> None:
    """Note where the history of a home goes whose person left it: once; it is deleted when it is empty."""
    if home not in (None, company.id):
        Customer.objects.filter(pk=home, provisional=True, merged_into=None).update(merged_into=company.id)
