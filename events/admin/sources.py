"""Sources, for admins."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import CLEANED
from events.models import Source


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    """Where data comes in. A source is made by its write key, connector or import, and stays: events name it."""

    formfield_overrides = CLEANED
    list_display = ("name", "kind", "channel", "key_names", "created_at")
    list_filter = ("kind", "channel")
    search_fields = ("name",)
    fields = ("name", "channel", "kind", "key_names", "created_at")
    readonly_fields = ("kind", "key_names", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        # `key_names` would ask once for each source.
        return super().get_queryset(request).prefetch_related("keys")

    @admin.display(description=_("keys"))
    def key_names(self, source: Source) -> str:
        return ", ".join(str(key) for key in source.keys.all()) or "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        return False
