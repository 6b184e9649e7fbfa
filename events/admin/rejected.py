"""Rejected messages, for admins: to search, and to try again."""

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.admin import ReplayableAdmin, Replayed
from events.models import Rejected, RejectedDropped
from events.replay import replay


@admin.register(Rejected)
class RejectedAdmin(ReplayableAdmin):
    """Messages that could not be stored, to search and to try again once the reason is gone."""

    list_display = ("received_at", "last_at", "count", "source", "reason", "replayed_at")
    list_filter = (Replayed, "source")
    list_select_related = ("source",)
    search_fields = ("reason", "body")
    fields = ("source", "received_at", "last_at", "count", "reason", "replayed_at", "message")
    readonly_fields = ("message",)

    @admin.display(description=_("message"))
    def message(self, rejected: Rejected) -> str:
        try:
            text = json.dumps(json.loads(rejected.body), indent=2, ensure_ascii=False)
        except ValueError:  # being no JSON may be the very reason
            text = rejected.body
        note = _("Cut after 64 KiB: the rest was not kept, and it cannot be replayed.") if rejected.is_cut else ""
        return format_html("<p><strong>{}</strong></p><pre>{}</pre>" if note else "{}<pre>{}</pre>", note, text)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"kept_days": settings.REJECTED_DAYS, "dropped": RejectedDropped.objects.total()}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def replay(self, row: Rejected, *, now: datetime) -> str:
        return replay(row, now=now)

    def taken(self, count: int) -> str:
        text = ngettext("%(count)s message was stored.", "%(count)s messages were stored.", count)
        return text % {"count": count}
