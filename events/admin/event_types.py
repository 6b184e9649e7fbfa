"""Event types, for admins."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from events.models import DailyCount, EventType


class EventTypeAdmin(admin.ModelAdmin):
    """Event types. Their points are in scoring models, so scoring registers this page with a column for them."""

    search_fields = ("name",)
    list_select_related = ("source",)
    fields = (
        "name",
        "channel",
        "is_activity",
        "is_key_action",
        "is_touch",
        "is_purchase",
        "unit",
        "source",
        "created_at",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: EventType | None = None) -> tuple[str, ...]:
        computed = ("source", "created_at")
        return computed if obj is None else ("name", *computed)  # events come in under the name

    def save_model(self, request: HttpRequest, obj: EventType, form: Any, change: bool) -> None:
        if not change:
            obj.created_at = timezone.now()
        super().save_model(request, obj, form, change)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, list[Any]]:
        """Refuse to delete what has events; a weight refuses by itself."""
        to_delete, counts, not_allowed, protected = super().get_deleted_objects(objs, request)
        # Foreign keys of the counts are not enforced (decision 1), so the database would not refuse.
        counted = Exists(DailyCount.objects.filter(event_type=OuterRef("pk")))
        used = EventType.objects.filter(counted, pk__in=[kind.pk for kind in objs]).order_by("name")
        protected += [gettext("the events of “%(name)s”") % {"name": kind.name} for kind in used]
        return to_delete, counts, not_allowed, protected
