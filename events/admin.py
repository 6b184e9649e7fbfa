"""Event types, sources and rejected events, for admins."""

import json
from collections import Counter
from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.admin import FilledIn, ReadOnlyAdmin
from events.models import DailyCount, EventType, Rejected, Source
from events.replay import replay
from scoring.models import Status, Weight

MOST_AT_ONCE = 500  # messages tried again by one click: a request must end
REASONS_TOLD = 5


class Weighed(FilledIn):
    title, parameter_name = _("weighed"), "weighed"
    column, words = "points_now", (_("Not weighed yet"), _("In the current model"))


@admin.register(EventType)
class EventTypeAdmin(admin.ModelAdmin):
    """What events mean. What they are worth is said in a scoring model."""

    list_display = ("name", "channel", "is_activity", "is_key_action", "unit", "weighed", "source")
    list_filter = ("channel", Weighed, "is_activity", "is_key_action")
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
        "weighed",
        "source",
        "created_at",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[EventType]:
        current = Weight.objects.filter(event_type=OuterRef("pk"), model__status=Status.PUBLISHED)
        return super().get_queryset(request).annotate(points_now=Subquery(current.values("points")))

    def get_readonly_fields(self, request: HttpRequest, obj: EventType | None = None) -> tuple[str, ...]:
        computed = ("weighed", "source", "created_at")
        return computed if obj is None else ("name", *computed)  # events come in under the name

    @admin.display(description=_("weighed"), ordering="points_now")
    def weighed(self, event_type: EventType) -> str:
        """Say what it is worth in the current model."""
        points = getattr(event_type, "points_now", None)
        return gettext("not weighed yet") if points is None else localize(points)

    def save_model(self, request: HttpRequest, obj: EventType, form: Any, change: bool) -> None:
        if not change:
            obj.created_at = timezone.now()
        super().save_model(request, obj, form, change)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, list[Any]]:
        """Refuse to delete what has events; a weight refuses by itself."""
        to_delete, counts, not_allowed, protected = super().get_deleted_objects(objs, request)
        counted = Exists(DailyCount.objects.filter(event_type=OuterRef("pk")))
        used = EventType.objects.filter(counted, pk__in=[kind.pk for kind in objs]).order_by("name")
        protected += [gettext("the events of “%(name)s”") % {"name": kind.name} for kind in used]
        return to_delete, counts, not_allowed, protected


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    """Where data comes in. A source is made by its write key, connector or import, and stays: events name it."""

    list_display = ("name", "kind", "channel", "key_names", "created_at")
    list_filter = ("kind", "channel")
    search_fields = ("name",)
    fields = ("name", "channel", "kind", "key_names", "created_at")
    readonly_fields = ("kind", "key_names", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        return super().get_queryset(request).prefetch_related("keys")

    @admin.display(description=_("keys"))
    def key_names(self, source: Source) -> str:
        return ", ".join(str(key) for key in source.keys.all()) or "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        return False


class Replayed(FilledIn):
    title, parameter_name = _("replayed"), "replayed"
    column, words = "replayed_at", (_("Not yet"), _("Replayed"))


@admin.register(Rejected)
class RejectedAdmin(ReadOnlyAdmin):
    """Messages that could not be stored, to search and to try again once the reason is gone."""

    list_display = ("received_at", "source", "reason", "replayed_at")
    list_filter = (Replayed, "source")
    list_select_related = ("source",)
    search_fields = ("reason", "body")
    fields = ("source", "received_at", "reason", "replayed_at", "message")
    readonly_fields = ("message",)
    actions = ("try_again",)
    show_full_result_count = False

    @admin.display(description=_("message"))
    def message(self, rejected: Rejected) -> str:
        try:
            text = json.dumps(json.loads(rejected.body), indent=2, ensure_ascii=False)
        except ValueError:  # being no JSON may be the very reason
            text = rejected.body
        return format_html("<pre>{}</pre>", text)

    @admin.action(description=_("Replay: try to store them again"))
    def try_again(self, request: HttpRequest, queryset: QuerySet[Rejected]) -> None:
        waiting = queryset.filter(replayed_at=None).order_by("received_at", "pk")
        now = timezone.now()
        outcomes = Counter(replay(row, now=now) for row in waiting[:MOST_AT_ONCE])
        stored = outcomes.pop("", 0)
        said = ngettext("%(count)s message was stored.", "%(count)s messages were stored.", stored)
        self.message_user(request, said % {"count": stored}, messages.SUCCESS if stored else messages.INFO)
        for reason, count in outcomes.most_common(REASONS_TOLD):
            failed = gettext("Failed again, %(count)s: %(reason)s") % {"count": count, "reason": reason}
            self.message_user(request, failed, messages.WARNING)
