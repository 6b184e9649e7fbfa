"""The customers and contacts that a survey distribution goes to."""

from django.db.models import QuerySet

from core.db import search
from customers import segments
from customers.models import Contact, Customer
from customers.models.customer import CustomerQuerySet
from surveys.models import Wave


def members(wave: Wave) -> CustomerQuerySet:
    """Return the customers a distribution goes to: of its segment or filter, those its author may see.

    Nobody when the author is gone: what a colleague of few customers set up must not reach everybody.
    """
    followed = Customer.objects.followed()
    seen = followed if wave.sees_all else followed.visible_to(wave.by) if wave.by else followed.none()
    return segments.among(wave.segment, seen) if wave.segment else segments.matching(wave.query, seen)


def contacts(wave: Wave) -> "QuerySet[Contact]":
    """Return the contacts a distribution goes to, whatever the day."""
    rows = Contact.objects.standing().filter(customer__in=members(wave).order_by().values("pk"))
    return rows.filter(search.contains("role_words", wave.role)) if wave.role else rows
