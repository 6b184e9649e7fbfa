"""Colleagues are told which customers became theirs, as owner or second owner: one notice for each act."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import notices
from core.models import NoticeSubject
from core.notices import Subject
from core.notices.kinds import Thing
from customers.models import Change, Customer
from staff.models import User

KIND = "assigned"
_OWNERS = ("owner_id", "second_owner_id")


def of_new(rows: Iterable[Customer]) -> dict[int, set[int]]:
    """Return customer → who owns it, for customers that were made."""
    return {row.pk: {owner for name in _OWNERS if (owner := getattr(row, name))} for row in rows}


def of_changed(log: Iterable[Change]) -> dict[int, set[int]]:
    """Return customer → who owns it now and did not before."""
    return {change.customer_id: _owners(change, 1) - _owners(change, 0) for change in log}


def tell(gained: Mapping[int, set[int]], *, by: User | None, now: datetime, act: str = "") -> None:
    """Tell owners (by customer) what they gained, in the caller's transaction. `act` names an act of several calls."""
    told: dict[int, list[Subject]] = defaultdict(list)
    for customer, owners in gained.items():
        for owner in owners:
            told[owner].append(Subject(customer))
    notices.tell(KIND, told, key=f"{KIND}:{act or uuid.uuid4()}", by=None if by is None else by.pk, now=now)


def _owners(change: Change, which: int) -> set[int]:
    """Return the owners before (0) or after (1) a change of a customer that stands as it is after it."""
    unchanged = [getattr(change.customer, name) for name in _OWNERS]
    pairs = [change.fields.get(name, [owner, owner]) for name, owner in zip(_OWNERS, unchanged, strict=True)]
    return {pair[which] for pair in pairs if pair[which]}


class Assigned:
    """The kind of notice (settings.NOTICES). Shown as long as the customer is still the reader's."""

    label = gettext_lazy("Customers assigned to me")

    def visible(self, subjects: QuerySet[NoticeSubject], person: User) -> QuerySet[NoticeSubject]:
        own = Customer.objects.visible_to(person).filter(Q(owner=person) | Q(second_owner=person))
        return subjects.filter(about__in=own.values("pk"))

    def things(self, subjects: Sequence[NoticeSubject]) -> dict[int, Thing]:
        return customers_named(subjects)

    def one(self, name: str, by: str) -> str:
        if by:
            return _("%(by)s assigned %(customer)s to you") % {"by": by, "customer": name}
        return _("%(customer)s was assigned to you") % {"customer": name}

    def many(self, count: int, by: str) -> str:
        if by:
            text = ngettext(
                "%(by)s assigned %(count)s customer to you", "%(by)s assigned %(count)s customers to you", count
            )
            return text % {"by": by, "count": count}
        text = ngettext("%(count)s customer was assigned to you", "%(count)s customers were assigned to you", count)
        return text % {"count": count}


def customers_named(subjects: Sequence[NoticeSubject]) -> dict[int, Thing]:
    """Name the customers that subjects are about, with their pages. One query."""
    names = dict(Customer.objects.filter(pk__in={row.about for row in subjects}).values_list("pk", "name"))
    return {
        row.pk: Thing(names[row.about], reverse("desk:customer", args=[row.about]))
        for row in subjects
        if row.about in names
    }
