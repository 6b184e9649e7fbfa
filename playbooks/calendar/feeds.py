"""Secret addresses of calendars: made, ended, read; and what stands in one."""

import hashlib
import secrets
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from core.days import business_day
from customers.models import Customer
from playbooks.calendar.ics import DayEvent, calendar
from playbooks.models import CalendarFeed, Task
from records.renewals import renewing
from staff.models import User

BACK, AHEAD = timedelta(days=90), timedelta(days=400)
MOST = 2_000  # events of each kind


def make(user: User, *, now: datetime) -> str:
    """Return a new token for the colleague's calendar, which is stored as a hash; one made before ends."""
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(user=user, defaults={"token_hash": _hash(token), "created_at": now})
    return token


def end(user: User) -> None:
    CalendarFeed.objects.filter(user=user).delete()


def reader(token: str) -> User | None:
    """Return whose calendar a token opens; None for one that is unknown, ended, or of somebody who left. One query."""
    feed = CalendarFeed.objects.select_related("user").filter(token_hash=_hash(token), user__is_active=True).first()
    return feed.user if feed else None


def written(user: User, *, now: datetime) -> str:
    """Return a colleague's calendar: open tasks with a day, and renewals of their own customers. Two queries."""
    today = business_day(now)
    return calendar(_("Rapport: %(name)s") % {"name": user.name}, _events(user, today), now=now)


def _events(user: User, today: date) -> Iterator[DayEvent]:
    tasks = Task.objects.visible_to(user).assigned_to(user).open().filter(due_on__range=(today - BACK, today + AHEAD))
    for task in tasks.select_related("customer").order_by("due_on", "id")[:MOST]:
        words = {"kind": task.get_kind_display(), "task": task.title, "customer": task.customer.name}
        assert task.due_on is not None
        address = _absolute(reverse("playbooks:task", args=[task.customer_id, task.id]))
        title = _("%(kind)s: %(task)s (%(customer)s)") % words
        yield DayEvent(f"task-{task.id}@rapport", task.due_on, title, url=address)
    own = Customer.objects.visible_to(user).followed().filter(Q(owner=user) | Q(second_owner=user))
    contracts = renewing(today - BACK, today + AHEAD).filter(customer__in=own).select_related("customer")
    for contract in contracts.order_by("renews_on", "id")[:MOST]:
        words = {"customer": contract.customer.name, "contract": contract.name}
        assert contract.renews_on is not None
        title = _("Renewal: %(customer)s (%(contract)s)") % words
        address = _absolute(reverse("desk:customer", args=[contract.customer_id]))
        yield DayEvent(f"renewal-{contract.customer_id}-{contract.id}@rapport", contract.renews_on, title, url=address)


def _absolute(path: str) -> str:
    return f"{settings.PUBLIC_ADDRESS}{path}"


def address(token: str) -> str:
    """Return where a calendar program finds the feed."""
    return _absolute(reverse("calendar", args=[token]))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
