"""What colleagues merge and delete, by one set of pages: customers, and contacts."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Protocol

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import curation
from customers.curation import merges, removals
from customers.models import Act, Contact, Customer
from desk.curation import previews
from desk.curation.previews import Preview
from desk.search import alike
from staff.models import User
from staff.requests import StaffRequest


class _Merge(Protocol):
    def __call__(
        self, kept: Any, gone: Any, /, *, wins: Collection[str], now: datetime, by: User | None
    ) -> Act: ...  # pragma: no cover


class _Remove(Protocol):
    def __call__(self, row: Any, /, *, reason: str, now: datetime, by: User | None) -> Act: ...  # pragma: no cover


@dataclass(frozen=True, slots=True)
class Subject:
    """Customers or contacts: how they are found, called, merged and deleted. Addresses are names of pages."""

    model: type[Customer] | type[Contact]
    page: str
    merge_page: str
    alike: Callable[[User, str], list[Any]]
    preview_merge: Callable[[Any, Any], Preview]
    merge: _Merge
    preview_deletion: Callable[[Any], Preview]
    remove: _Remove
    merge_title: Promise
    which: Promise  # is it merged with?
    nobody: Promise

    def visible_to(self, user: User) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model.objects.visible_to(user)
        return rows.select_related("customer") if self.model is Contact else rows

    def found(self, user: User, pk: int) -> Any:
        """Return one that the colleague may see. One query. Raises Http404."""
        return get_object_or_404(self.visible_to(user), pk=pk)

    def asked_for(self, user: User, number: str) -> Any | None:
        """Return the one that a parameter names, where the colleague may see it. One query at most."""
        pk = number_in(number)
        return None if pk is None else self.visible_to(user).filter(pk=pk).first()


CUSTOMERS = Subject(
    model=Customer,
    page="desk:customer",
    merge_page="desk:merge-customers",
    alike=alike.customers,
    preview_merge=previews.merge_of_customers,
    merge=merges.customers,
    preview_deletion=previews.deletion_of_customer,
    remove=removals.customer,
    merge_title=gettext_lazy("Merge two customers"),
    which=gettext_lazy("Merge with which customer?"),
    nobody=gettext_lazy("There is no such customer."),
)
CONTACTS = Subject(
    model=Contact,
    page="desk:person",
    merge_page="desk:merge-contacts",
    alike=alike.contacts,
    preview_merge=previews.merge_of_contacts,
    merge=merges.contacts,
    preview_deletion=previews.deletion_of_contact,
    remove=removals.contact,
    merge_title=gettext_lazy("Merge two contacts"),
    which=gettext_lazy("Merge with which contact?"),
    nobody=gettext_lazy("There is no such contact."),
)


def number_in(text: str) -> int | None:
    """Return the id that a parameter holds, if it holds one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


_View = Callable[[StaffRequest, int], HttpResponseBase]


def follows_merges(subject: Subject) -> Callable[[_View], _View]:
    """Send who opens a page of one that was merged to the page of the one that stays. Two queries, only then."""

    def decorate(view: _View) -> _View:
        @wraps(view)
        def guarded(request: StaffRequest, pk: int) -> HttpResponseBase:
            try:
                return view(request, pk)
            except Http404:
                kept = merged_into(subject, request.user, pk)
                if kept is None:
                    raise
            messages.info(request, _("What you opened was merged into “%(name)s”.") % {"name": kept})
            # For now: undoing the merge brings it back.
            return redirect(subject.page, kept.pk)

        return guarded

    return decorate


def merged_into(subject: Subject, user: User, pk: int) -> Any | None:
    """Return the one that another was merged into in the end, where the colleague may see it. Two queries."""
    kept = curation.where(subject.model, pk)
    return None if kept is None else subject.visible_to(user).filter(pk=kept).first()
