from datetime import UTC, date, datetime, time, timedelta

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.api.fields import BIGGEST
from core.filters import ClosedFilter
from events.models import Channel, Event, EventType

Events = QuerySet[Event]


class EventFilter(ClosedFilter[Events]):
    """Which of a customer's events. Days are UTC days, the last one included."""

    type = forms.CharField(label=_("Event type, by name"), required=False, max_length=200)
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[("", _("Any")), *Channel.choices])
    contact = forms.IntegerField(label=_("Contact"), required=False, min_value=1, max_value=BIGGEST)
    since = forms.DateField(label=_("First day"), required=False, input_formats=["%Y-%m-%d"])
    until = forms.DateField(label=_("Last day"), required=False, input_formats=["%Y-%m-%d"])

    def by_type(self, queryset: Events, value: str) -> Events:
        return queryset.filter(event_type__name=value)

    def by_channel(self, queryset: Events, value: str) -> Events:
        return queryset.filter(event_type__channel=value)

    def by_contact(self, queryset: Events, value: int) -> Events:
        return queryset.filter(contact=value)

    def by_since(self, queryset: Events, value: date) -> Events:
        return queryset.filter(occurred_at__gte=_start(value))

    def by_until(self, queryset: Events, value: date) -> Events:
        return queryset if value == date.max else queryset.filter(occurred_at__lt=_start(value + timedelta(days=1)))


class EventTypeFilter(ClosedFilter[QuerySet[EventType]]):
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[("", _("Any")), *Channel.choices])
    q = forms.CharField(label=_("Name"), required=False, max_length=200)

    def by_channel(self, queryset: QuerySet[EventType], value: str) -> QuerySet[EventType]:
        return queryset.filter(channel=value)

    def by_q(self, queryset: QuerySet[EventType], value: str) -> QuerySet[EventType]:
        return queryset.filter(name__icontains=value)


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
