from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from core.api.fields import Tree
from core.api.schema import lists
from core.api.views import ApiView, listed, page_of
from customers.api.visible import visible_customer
from events.api.filters import EventFilter
from events.models import Channel, Event, Flag
from events.models.event import NEWEST_FIRST
from staff.api.requests import ApiRequest

TAG = "events"


@extend_schema_field({"type": ["string", "null"], "format": "decimal"})
class Thousandths(serializers.Field[int, Any, str, Any]):
    def to_representation(self, value: int) -> str:
        # A text, because JSON's numbers become floats in most clients.
        return f"{Decimal(value) / 1000:.3f}"


class EventOut(serializers.Serializer[Event]):
    id = serializers.IntegerField()
    occurred_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    type = serializers.CharField(source="event_type.name")
    channel = serializers.ChoiceField(Channel.choices, source="event_type.channel")
    is_activity = serializers.BooleanField()
    contact_id = serializers.IntegerField(allow_null=True)
    source = serializers.CharField(source="source.name")  # type: ignore[assignment] # a field's own `source`
    value = Thousandths(allow_null=True, help_text="In the base currency, when it is money.")
    flags = serializers.SerializerMethodField(help_text="What had to be decided on receipt: docs/integrate/events.md.")
    properties = Tree()

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_flags(self, event: Event) -> list[str]:
        return [str(flag.name).lower() for flag in Flag if event.flags & flag & ~Flag.RECORD]


class Events(ApiView):
    area = "events"
    filterset_class = EventFilter

    @lists("events_list", EventOut, TAG)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """List what a customer did and what happened to it, newest first."""
        of_customer = (
            Event.objects.live().filter(customer=visible_customer(request, pk)).select_related("event_type", "source")
        )
        # `context` is what a library knows of a device, often larger than all the rest, and not shown.
        filterset = self.filtered(of_customer.defer("context", "message_hash"))
        return listed(EventOut, page_of(filterset.qs, NEWEST_FIRST, request))
