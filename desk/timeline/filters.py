"""Which of a customer's events the timeline shows."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.filters import ClosedFilter
from customers.models import Contact, Customer
from events.models import Channel, DailyCount, Event, EventType


class EventFilter(ClosedFilter["QuerySet[Event]"]):
    """By channel, type, person and day (UTC). `against` is the page's own: what scores are compared with."""

    paging: ClassVar = frozenset({"cursor", "against"})

    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"), required=False, choices=[("", gettext_lazy("All")), *Channel.choices]
    )
    type = forms.ChoiceField(label=gettext_lazy("Event type"), required=False)
    person = forms.IntegerField(label=gettext_lazy("Person"), required=False, widget=forms.Select, min_value=1)
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("Up to"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        queryset: "QuerySet[Event]",
        customer: Customer,
        people: Sequence[Contact],
    ) -> None:
        super().__init__(data, queryset=queryset)
        self._customer = customer
        self.fields["type"].choices = [("", _("All")), *_types_of(customer)]  # type: ignore[attr-defined]
        self.fields["person"].widget.choices = [("", _("Everybody")), *((one.pk, str(one)) for one in people)]
        self.fields["person"].widget.attrs["class"] = "form-select"
        for name in ("since", "until"):
            self.fields[name].widget.format = "%Y-%m-%d"

    def clean_person(self) -> int | None:
        """Anybody at the customer can be asked for; who is no choice yet becomes one."""
        pk = self.cleaned_data["person"]
        choices = self.fields["person"].widget.choices
        if pk and pk not in dict(choices):
            contact = self._customer.contacts.filter(pk=pk).first() if pk < 2**63 else None
            if contact is None:
                raise forms.ValidationError(_("There is no such person here."))
            choices.append((pk, str(contact)))
        return pk

    def by_channel(self, queryset: "QuerySet[Event]", value: str) -> "QuerySet[Event]":
        return queryset.filter(event_type__channel=value)

    def by_type(self, queryset: "QuerySet[Event]", value: str) -> "QuerySet[Event]":
        return queryset.filter(event_type=int(value))

    def by_person(self, queryset: "QuerySet[Event]", value: int) -> "QuerySet[Event]":
        return queryset.filter(contact=value)

    def by_since(self, queryset: "QuerySet[Event]", value: date) -> "QuerySet[Event]":
        return queryset.filter(occurred_at__gte=_begin(value))

    def by_until(self, queryset: "QuerySet[Event]", value: date) -> "QuerySet[Event]":
        return queryset.filter(occurred_at__lt=_begin(value) + timedelta(days=1)) if value < date.max else queryset


def _types_of(customer: Customer) -> list[tuple[str, str]]:
    """Return the types the customer has events of. One query."""
    counted = DailyCount.objects.filter(customer=customer, event_type=OuterRef("pk"))
    types = EventType.objects.filter(Exists(counted)).order_by("name")
    return [(str(pk), name) for pk, name in types.values_list("pk", "name")]


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
