"""What was done to facts about a customer that were known: read-only, so that systems see why counts changed."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from core.api.fields import NamedOut, Tree
from core.api.filtering import NoFilter
from core.api.schema import lists
from core.api.views import ApiView, listed, page_of
from core.pagination import Column, Keyset
from customers.api.visible import visible_customer
from customers.models import Act
from staff.api.requests import ApiRequest

TAG = "events"
NEWEST_FIRST = Keyset((Column("at", descending=True), Column("pk", descending=True)))


class ActOut(serializers.Serializer[Act]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(Act.Kind.choices)
    at = serializers.DateTimeField(help_text="When it was done; counts of days closed before stay as they were known.")
    by = NamedOut(allow_null=True, help_text="Null: by another system, or by what was sent.")
    part_of = serializers.IntegerField(
        source="part_of_id", allow_null=True, help_text="The act of many customers that it is part of."
    )
    events = serializers.SerializerMethodField(help_text="Events withdrawn or told again.")
    first_day = serializers.SerializerMethodField(help_text="The first day of these events.")
    last_day = serializers.SerializerMethodField()
    detail = Tree(help_text="What it was about, by kind: contact, record, correction, currency, …")

    @extend_schema_field({"type": "integer"})
    def get_events(self, act: Act) -> int:
        return int(act.detail.get("events", 0))

    @extend_schema_field({"type": ["string", "null"], "format": "date"})
    def get_first_day(self, act: Act) -> Any:
        return act.detail.get("first")

    @extend_schema_field({"type": ["string", "null"], "format": "date"})
    def get_last_day(self, act: Act) -> Any:
        return act.detail.get("last")


class Acts(ApiView):
    area = "events"
    filterset_class = NoFilter

    @lists("acts_list", ActOut, TAG)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """List what was done to what was known of a customer, newest first: corrections, moves, objections."""
        rows = Act.objects.filter(customer=visible_customer(request, pk)).select_related("by")
        return listed(ActOut, page_of(self.filtered(rows).qs, NEWEST_FIRST, request))
