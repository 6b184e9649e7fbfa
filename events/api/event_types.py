"""Event types: listed, and made and changed by the verb that the administration uses."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.response import Response

from core.api.fields import Body, keep_constraints, name_in_path
from core.api.refusals import Conflict
from core.api.schema import lists, reads, writes
from core.api.views import ApiView, checked, listed, page_of
from core.pagination import Column, Keyset
from events import event_type_acts
from events.api.filters import EventTypeFilter
from events.models import Channel, Correction, EventType
from staff.api.authentication import author
from staff.api.requests import ApiRequest
from staff.models import ApiKey, Role

TAG = "events"
BY_NAME = Keyset((Column("name"), Column("pk")))


_WAITING = {
    "type": ["object", "null"],
    "properties": {"url": {"type": "string"}, "fields": {"type": "array", "items": {"type": "string"}}},
    "required": ["url", "fields"],
}


class EventTypeOut(serializers.Serializer[EventType]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    channel = serializers.ChoiceField(Channel.choices)
    is_activity = serializers.BooleanField()
    is_key_action = serializers.BooleanField()
    is_touch = serializers.BooleanField(help_text="A colleague spoke with the customer.")
    is_intervention = serializers.BooleanField(help_text="Something colleagues do to help the customer.")
    is_purchase = serializers.BooleanField()
    unit = serializers.DecimalField(15, 3, allow_null=True, help_text="Null: events are counted, not their values.")
    created_at = serializers.DateTimeField(help_text="When it was first seen.")


class EventTypeWrittenOut(EventTypeOut):
    """A type as it is now; what waits for an admin is named by `waiting`."""

    waiting = serializers.SerializerMethodField(
        help_text="Events of the type are stored, so these fields change once an admin has looked at what that "
        "changes and carried it out, at this address. Null: nothing waits."
    )

    @extend_schema_field(_WAITING)
    def get_waiting(self, kind: EventType) -> dict[str, Any] | None:
        asked: Correction | None = self.context["asked"]
        if asked is None:
            return None
        return {"url": reverse("desk:correction", args=[asked.pk]), "fields": sorted(asked.changes)}


class EventTypeChangeBody(Body):
    """What is not named stays as it is."""

    channel = serializers.ChoiceField(Channel.choices, required=False)
    is_activity = serializers.BooleanField(required=False, help_text="Something the customer does.")
    is_key_action = serializers.BooleanField(required=False, help_text="It shows that the customer gets value.")
    is_touch = serializers.BooleanField(required=False, help_text="A colleague spoke with the customer.")
    is_intervention = serializers.BooleanField(
        required=False, help_text="Something colleagues do to help the customer."
    )
    is_purchase = serializers.BooleanField(required=False, help_text="Its value is what is paid.")
    unit = serializers.DecimalField(
        15, 3, allow_null=True, required=False, help_text="Above 0. Null: events are counted, not their values."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        keep_constraints(EventType(**{"channel": Channel.WEB, **attrs}))
        return attrs


class EventTypeBody(EventTypeChangeBody):
    """A type as a whole: what is not named is as in a type that registered itself."""

    channel = serializers.ChoiceField(Channel.choices)
    is_activity = serializers.BooleanField(default=True, help_text="Something the customer does.")
    is_key_action = serializers.BooleanField(default=False, help_text="It shows that the customer gets value.")
    is_touch = serializers.BooleanField(default=False, help_text="A colleague spoke with the customer.")
    is_intervention = serializers.BooleanField(default=False, help_text="Something colleagues do to help the customer.")
    is_purchase = serializers.BooleanField(default=False, help_text="Its value is what is paid.")
    unit = serializers.DecimalField(
        15, 3, allow_null=True, default=None, help_text="Above 0. Null: events are counted, not their values."
    )


class EventTypes(ApiView):
    area = "events"
    filterset_class = EventTypeFilter

    @lists("event_types_list", EventTypeOut, TAG)
    def get(self, request: ApiRequest) -> Response:
        """List the names of events, what they mean, and on which channel they come."""
        filterset = self.filtered(EventType.objects.all())
        return listed(EventTypeOut, page_of(filterset.qs, BY_NAME, request))


class OneEventType(ApiView):
    area, area_of_writes = "events", "event-types"

    @reads("event_types_retrieve", EventTypeOut, TAG)
    def get(self, request: ApiRequest, pk: int) -> Response:
        return Response(EventTypeOut(get_object_or_404(EventType, pk=pk)).data)

    @writes("event_types_update", EventTypeChangeBody, EventTypeWrittenOut, TAG)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Change a type. Published scoring models stay as they are; the next one takes it over."""
        return change(self, get_object_or_404(EventType, pk=pk), EventTypeChangeBody(data=request.data))


class EventTypeByName(ApiView):
    area, area_of_writes = "events", "event-types"

    @reads("event_types_by_name_retrieve", EventTypeOut, TAG)
    def get(self, request: ApiRequest, name: str) -> Response:
        """Find a type by the name that events carry."""
        return Response(EventTypeOut(get_object_or_404(EventType, name=_named(name))).data)

    @writes("event_types_by_name_upsert", EventTypeBody, EventTypeWrittenOut, TAG, status=(200, 201))
    def put(self, request: ApiRequest, name: str) -> Response:
        """Make the type of this name, before or after its first event, or replace what it says."""
        name, body = _named(name), EventTypeBody(data=request.data)
        _need_admin(request)
        kind, is_new = event_type_acts.make(name, checked(body), now=self.now, **_who(request))
        if is_new:
            return Response(EventTypeWrittenOut(kind, context={"asked": None}).data, 201)
        return change(self, kind, EventTypeBody(data=request.data))

    @writes("event_types_by_name_update", EventTypeChangeBody, EventTypeWrittenOut, TAG)
    def patch(self, request: ApiRequest, name: str) -> Response:
        """Change the type of this name."""
        return change(self, get_object_or_404(EventType, name=_named(name)), EventTypeChangeBody(data=request.data))


def change(view: ApiView, kind: EventType, body: Body) -> Response:
    request: Any = view.request
    _need_admin(request)
    if kind.merged_into is not None:
        refusal = _("Events of this name are stored as “%(name)s”: change that type.")
        raise Conflict(refusal % {"name": kind.merged_into.name})
    asked = event_type_acts.change(kind, checked(body), now=view.now, **_who(request))
    return Response(EventTypeWrittenOut(kind, context={"asked": asked}).data)


def _need_admin(request: ApiRequest) -> None:
    """Let in the company's own key, and admins, who may do the same in the administration."""
    colleague = author(request)
    if colleague is not None and colleague.role != Role.ADMIN:
        raise PermissionDenied(_("Only admins, or the company’s own key, change event types."))


def _who(request: ApiRequest) -> dict[str, Any]:
    return {"by": author(request), "key": request.auth.name if isinstance(request.auth, ApiKey) else ""}


def _named(name: str) -> str:
    try:
        return name_in_path(name)
    except ValidationError as error:
        raise ValidationError({"name": next(iter(error.detail.values()))}) from None  # type: ignore[union-attr]
