"""The page of a contact: who they are, where they belong, what they did and said, what we may send them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.days import business_day, within
from customers.finding.duplicates import Twin
from customers.models import Contact, Customer, Exclusion, Identity, IdentityKind
from desk.contacts.activity import HEIGHT, SHOWN, WIDTH, Activity, load_activity
from desk.contacts.companies import AtCompany, companies_of
from desk.contacts.mentions import Mentions, load_mentions
from desk.curation.duplicates.shown import load_twins
from desk.curation.subjects import CONTACTS, follows_merges
from desk.timeline.timeline import Day, by_day, load_groups
from events.models import Event
from events.models.event import NEWEST_FIRST
from staff.models import User
from staff.requests import StaffRequest

EVENT_DAYS = 3  # the last active ones
EVENTS_READ = 50
NAMES_SHOWN = 12
TRAITS_SHOWN = 24
_FOUND_BY = {IdentityKind.USER, IdentityKind.EMAIL}


@dataclass(frozen=True, slots=True)
class Company:
    """A customer of the contact, and when the contact was last active there in the past year."""

    at: AtCompany
    last_active_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Everything the page shows, loaded: its templates ask the database nothing."""

    contact: Contact
    twins: Sequence[tuple[Twin, str]]  # who may be the same, and where the two are merged
    companies: Sequence[Company]
    names: Sequence[tuple[str, str]]  # kind in words, value; those known longest first
    name_count: int
    can_be_edited: bool
    traits: Mapping[str, Any]
    objections: Sequence[Exclusion]  # the newest first
    activity: Activity
    days: Sequence[Day]  # events of the last active days
    days_at: Customer | None  # where those were
    mentions: Mentions
    today: date

    def as_context(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


@require_safe
@follows_merges(CONTACTS)
def person(request: StaffRequest, pk: int) -> HttpResponse:
    visible = Contact.objects.visible_to(request.user).select_related("customer")
    contact = get_object_or_404(visible, pk=pk)
    loaded = load_person(contact, request.user, today=business_day(timezone.now()))
    chart = {"chart_days": SHOWN, "chart_width": WIDTH, "chart_height": HEIGHT}
    return render(request, "desk/contacts/page.html", {**loaded.as_context(), **chart})


def load_person(contact: Contact, user: User, *, today: date) -> Person:
    """Load what the page shows of a contact, whose customer is loaded and visible to the user.

    Ten queries at most, whatever the number of rows; one more where one of the events shown is an answer.
    """
    at = companies_of(contact, user)
    customers = {row.customer.pk: row.customer for row in at}
    activity = load_activity(contact, customers, today)
    names = list(Identity.objects.filter(contact=contact).order_by("pk"))
    kinds = {str(kind): str(label) for kind, label in IdentityKind.choices}
    place = customers.get(activity.lately_at or 0)
    return Person(
        contact=contact,
        twins=load_twins(contact, user),
        companies=[Company(row, next(iter(activity.days.get(row.customer.pk, ())), None)) for row in at],
        names=[(kinds.get(name.kind, name.kind), name.value) for name in names[:NAMES_SHOWN]],
        name_count=len(names),
        can_be_edited=any(name.kind in _FOUND_BY for name in names),
        traits=dict(list(contact.traits.items())[:TRAITS_SHOWN]),
        objections=list(Exclusion.objects.filter(contact=contact).order_by("-from_on", "-pk")),
        activity=activity,
        days=[] if place is None else _events(contact, place, activity.days[place.pk][:EVENT_DAYS]),
        days_at=place,
        mentions=load_mentions(contact, customers),
        today=today,
    )


def _events(contact: Contact, customer: Customer, days: Sequence[date]) -> list[Day]:
    """Return the contact's events of these days at the customer. One query; one more where one is about an answer."""
    # Only of days on which there are some: the log has no index by contact, and would be read back to its beginning.
    on_days = reduce(or_, [within("occurred_at", day, day) for day in days], Q())
    events = Event.objects.live().filter(on_days, customer=customer, contact=contact)
    events = events.select_related("event_type", "contact").defer("context", "message_hash")
    rows = events.order_by(*(column.order() for column in NEWEST_FIRST.columns))[:EVENTS_READ]
    return by_day(load_groups(customer, list(rows)), ())
