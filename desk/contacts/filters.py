"""Filters of lists of contacts, shared by page, export and API."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter

from core.api.fields import BIGGEST
from core.days import business_day
from core.db import search
from core.filters import IntegerFilter
from core.names import addresses
from core.names.cleaning import cleaned_id
from core.pagination import Order
from customers.finding import by_text
from customers.models import IdentityKind
from customers.models.contact import ContactQuerySet
from desk.contacts.activity import LOOK_BACK, active_since
from desk.contacts.orders import ORDER_WORDS, order_of
from desk.list.by_fit import ByFit
from desk.list.filters import YES, YES_NO


class ContactFilter(ByFit[ContactQuerySet]):
    """The filters of the list of contacts. Activity is that at the contact's present customer. No query."""

    listing: ClassVar = frozenset({"sort"})
    in_sight: ClassVar = ("q", "customer_name", "role", "active_within", "quiet_for")  # the others unfold
    field_order = [*in_sight, "no_surveys", "not_scored", "no_email"]

    q = CharFilter(label=_("Name, e-mail or id"), method="filter_q", max_length=200)
    customer_name = CharFilter("customer__search", label=_("Customer"), method="filter_words", max_length=200)
    role = CharFilter("role_words", label=_("Role"), method="filter_words", max_length=100)
    active_within = IntegerFilter(
        label=_("Active within (days)"), method="filter_active", min_value=1, max_value=LOOK_BACK
    )
    quiet_for = IntegerFilter(label=_("Not active for (days)"), method="filter_quiet", min_value=1, max_value=LOOK_BACK)
    no_surveys = ChoiceFilter(
        "survey_opt_out", label=_("No surveys"), method="filter_flag", choices=YES_NO, empty_label=_("Any")
    )
    not_scored = ChoiceFilter(
        "stop_scoring", label=_("Not scored"), method="filter_flag", choices=YES_NO, empty_label=_("Any")
    )
    no_email = ChoiceFilter(label=_("No e-mail"), method="filter_no_email", choices=YES_NO, empty_label=_("Any"))
    customer = IntegerFilter(
        label=_("Customer"), min_value=1, max_value=BIGGEST, widget=forms.HiddenInput
    )  # by our id, as links have it
    user_id = CharFilter(label=_("User id"), method="filter_user_id", max_length=200)
    email = CharFilter(label=_("E-mail"), method="filter_email", max_length=254)
    sort = ChoiceFilter(label=_("Sorted by"), choices=list(ORDER_WORDS.items()), empty_label=None)

    def __init__(self, data: Mapping[str, Any], *, queryset: ContactQuerySet, today: date | None = None) -> None:
        super().__init__(data, queryset=queryset)
        self.today = today or business_day(timezone.now())
        self.form.fields["q"].widget.input_type = "search"
        for name in self.in_sight:
            # Nothing to read, but by it a style sheet tells an empty field from a filled one.
            self.form.fields[name].widget.attrs["placeholder"] = " "

    def named_order(self, name: str) -> Order:
        return order_of(name, self.today)

    @property
    def fields_in_sight(self) -> list[forms.BoundField]:
        return [self.form[name] for name in self.in_sight]

    @property
    def folded_fields(self) -> list[forms.BoundField]:
        return [field for field in self.form if field.name not in {*self.listing, *self.in_sight, "customer"}]

    @property
    def folded_in_use(self) -> list[tuple[str, str, Any]]:
        """The folded filters that have a value: (name, label, value in words)."""
        return [
            (field.name, str(field.label), dict(getattr(field.field, "choices", ())).get(field.value(), field.value()))
            for field in self.folded_fields
            if field.value()
        ]

    def filter_q(self, queryset: ContactQuerySet, name: str, value: str) -> ContactQuerySet:
        self.found = by_text.contacts(queryset, value) if value else None
        return self.found.rows if self.found else queryset

    def filter_words(self, queryset: ContactQuerySet, name: str, value: str) -> ContactQuerySet:
        return queryset.filter(search.contains(name, value)) if value else queryset

    def filter_active(self, queryset: ContactQuerySet, name: str, value: int) -> ContactQuerySet:
        return queryset.alias(active_day=active_since(self._days_ago(value))).filter(active_day__isnull=False)

    def filter_quiet(self, queryset: ContactQuerySet, name: str, value: int) -> ContactQuerySet:
        """By silence, of whatever reason: somebody who never did anything is quiet, too."""
        return queryset.alias(quiet_day=active_since(self._days_ago(value))).filter(quiet_day__isnull=True)

    def filter_flag(self, queryset: ContactQuerySet, name: str, value: str) -> ContactQuerySet:
        return queryset.filter(**{name: value == YES})

    def filter_no_email(self, queryset: ContactQuerySet, name: str, value: str) -> ContactQuerySet:
        return queryset.filter(Q(email="") if value == YES else ~Q(email=""))

    def filter_user_id(self, queryset: ContactQuerySet, name: str, value: str) -> ContactQuerySet:
        return queryset.filter(identities__kind=IdentityKind.USER, identities__value=cleaned_id(value))

    def filter_email(self, queryset: ContactQuerySet, name: str, value: str) -> ContactQuerySet:
        return queryset.filter(identities__kind=IdentityKind.EMAIL, identities__value=addresses.folded(value))

    def _days_ago(self, days: int) -> date:
        """Return the first of so many days that end today."""
        return self.today - timedelta(days=days - 1)
