"""Rejected messages, for admins: to search, and to try again."""

import json
from collections import Counter

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.admin import FilledIn, ReadOnlyAdmin
from events.models import Rejected
from events.replay import replay

MOST_AT_ONCE = 500  # messages tried again by one click: a request must end
REASONS_TOLD = 5


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
