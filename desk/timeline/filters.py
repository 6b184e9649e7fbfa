"""Which of a customer's events the timeline shows."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import CharFilter, ChoiceFilter, DateFilter

from core import days
from core.filters import ClosedFilter, ClosedForm, IntegerFilter
from core.names.folding import fold
from customers.models import Affiliation, Contact, Customer
from events import catalogue
from events.models import Channel, Event, EventType


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")  # what a browser's own field reads, in any language


class EventForm(ClosedForm):
    filterset: "EventFilter"

    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"]
        if text and not fold(text):
            raise forms.ValidationError(_("Type a letter or a digit to search for."))
        return text

    def clean_person(self) -> int | None:
        """Accept any contact with events at the customer; one that is no choice yet becomes one."""
        pk: int | None = self.cleaned_data["person"]
        choices = self.fields["person"].widget.choices
        if pk and pk not in dict(choices):
            # Beyond a bigint PostgreSQL answers with an error.
            contact = self.filterset.contacts().filter(pk=pk).first() if pk < 2**63 else None
            if contact is None:
                raise forms.ValidationError(_("There is no such contact here."))
            choices.append((pk, str(contact)))
        return pk


class EventFilter(ClosedFilter["QuerySet[Event]"]):
    """By words, channel, type, person and day. Words are looked for in Python, in what the others find (words.py).

    `against` was the page's own once, beside the timeline, and stands in old addresses.
    """

    other_parameters: ClassVar = frozenset({"cursor", "against"})

    q = CharFilter(
        label=gettext_lazy("Words"),
        method="filter_q",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    channel = ChoiceFilter(
        "event_type__channel",
        label=gettext_lazy("Channel"),
        choices=Channel.choices,
        empty_label=gettext_lazy("All"),
    )
    type = ChoiceFilter("event_type", label=gettext_lazy("Event type"), empty_label=gettext_lazy("All"))
    person = IntegerFilter("contact", label=gettext_lazy("Contact"), widget=forms.Select, min_value=1)
    since = DateFilter(label=gettext_lazy("From"), method="filter_since", widget=_Day)
    until = DateFilter(label=gettext_lazy("Up to"), method="filter_until", widget=_Day)

    class Meta:
        form = EventForm

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        queryset: "QuerySet[Event]",
        customer: Customer,
        people: Sequence[Contact],
        event_types: Sequence[EventType],
    ) -> None:
        super().__init__(data, queryset=queryset)
        self.customer = customer
        self.filters["type"].extra["choices"] = sorted(
            ((str(row.pk), catalogue.label(row.name)) for row in event_types), key=lambda choice: choice[1]
        )
        # A Select over an integer: the page offers a few contacts, and an address may name any other.
        choices = [("", _("All contacts")), *((contact.pk, str(contact)) for contact in people)]
        self.filters["person"].extra["widget"] = forms.Select(choices=choices)

    def contacts(self) -> "QuerySet[Contact]":
        """Return whose events may be asked for: the customer's contacts, and who was one of them."""
        was_here = Affiliation.objects.filter(customer=self.customer).values("contact")
        return Contact.objects.standing().filter(Q(customer=self.customer) | Q(pk__in=was_here))

    @property
    def days(self) -> Q | None:
        """The condition on what was done, `at`, that the days asked for are; None where events alone are asked for.

        What was done is of no channel, type or person, and holds none of the words.
        """
        if not self.is_valid() or any(self.cleaned_data.get(name) for name in ("q", "channel", "type", "person")):
            return None
        return days.within("at", self.cleaned_data.get("since"), self.cleaned_data.get("until"))

    @property
    def words(self) -> str:
        """What is looked for, folded; "" where nothing is."""
        return fold(self.cleaned_data["q"]) if self.is_valid() else ""

    def filter_q(self, queryset: "QuerySet[Event]", name: str, value: str) -> "QuerySet[Event]":
        return queryset

    def filter_since(self, queryset: "QuerySet[Event]", name: str, value: date) -> "QuerySet[Event]":
        return queryset.filter(days.within("occurred_at", value, None))

    def filter_until(self, queryset: "QuerySet[Event]", name: str, value: date) -> "QuerySet[Event]":
        return queryset.filter(days.within("occurred_at", None, value))
