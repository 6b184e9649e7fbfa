from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter

from core import days
from core.api.fields import BIGGEST
from core.filters import ClosedFilter, IntegerFilter
from events.models import Channel, Event, EventType

Events = QuerySet[Event]


class EventFilter(ClosedFilter[Events]):
    """Which of a customer's events. Days are the company's, the last one included."""

    type = CharFilter("event_type__name", label=_("Event type, by name"), max_length=200)
    channel = ChoiceFilter("event_type__channel", label=_("Channel"), choices=Channel.choices, empty_label=_("Any"))
    contact = IntegerFilter(label=_("Contact"), min_value=1, max_value=BIGGEST)
    since = DateFilter(label=_("First day"), method="filter_since", input_formats=["%Y-%m-%d"])
    until = DateFilter(label=_("Last day"), method="filter_until", input_formats=["%Y-%m-%d"])

    def filter_since(self, queryset: Events, name: str, value: date) -> Events:
        return queryset.filter(days.within("occurred_at", value, None))

    def filter_until(self, queryset: Events, name: str, value: date) -> Events:
        return queryset.filter(days.within("occurred_at", None, value))


class EventTypeFilter(ClosedFilter[QuerySet[EventType]]):
    channel = ChoiceFilter(label=_("Channel"), choices=Channel.choices, empty_label=_("Any"))
    q = CharFilter("name", "icontains", label=_("Name"), max_length=200)
