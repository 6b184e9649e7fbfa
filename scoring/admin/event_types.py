"""Event types in the admin, with what they are worth in the version that scores everybody."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import FilledIn
from events.admin.event_types import EventTypeAdmin, Retired
from events.models import EventType
from scoring.models import Status, Weight


class Weighed(FilledIn):
    title, parameter_name = _("weighed"), "weighed"
    column, words = "points_now", (_("Not weighed yet"), _("In the current model"))


@admin.register(EventType)
class WeightedEventTypeAdmin(EventTypeAdmin):
    list_display = (
        "name",
        "channel",
        "is_activity",
        "is_key_action",
        "unit",
        "weighed",
        "source",
    )
    list_filter = ("channel", Weighed, Retired, "is_activity", "is_key_action")

    def get_fields(self, request: HttpRequest, obj: EventType | None = None) -> Any:
        *before, source, created_at = super().get_fields(request, obj)
        return [*before, "weighed", source, created_at]

    def get_readonly_fields(self, request: HttpRequest, obj: EventType | None = None) -> tuple[str, ...]:
        return ("weighed", *super().get_readonly_fields(request, obj))

    def get_queryset(self, request: HttpRequest) -> QuerySet[EventType]:
        # One version at most is published for everybody; a segment's own may be published beside it.
        current = Weight.objects.filter(event_type=OuterRef("pk"), model__status=Status.PUBLISHED, model__segment=None)
        return super().get_queryset(request).annotate(points_now=Subquery(current.values("points")))

    @admin.display(description=_("weighed"), ordering="points_now")
    def weighed(self, event_type: EventType) -> str:
        """Say what it is worth in the current model."""
        points = getattr(event_type, "points_now", None)
        return gettext("not weighed yet") if points is None else localize(points)
