"""Admin of the outbox: what waits, what was given up and why, each try; sends again by hand."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.admin.parts import ReadOnlyAdmin
from core.models import Delivery, Outgoing
from core.outbox import queue


class Tries(admin.TabularInline):
    model = Delivery
    fields = readonly_fields = ("at", "is_sent", "said")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Outgoing)
class OutgoingAdmin(ReadOnlyAdmin):
    """The payload stays hidden: it names the recipient, and holds a link with which anybody could answer."""

    list_display = ("created_at", "kind", "state", "due_at", "tries", "said", "finished_at")
    list_filter = ("state", "kind", "finished_at")
    # By what an index serves: the table grows with every mail.
    search_fields = ("dedupe_key__startswith", "provider_id__exact")
    fields = ("kind", "dedupe_key", "state", "due_at", "tries", "said", "created_at", "finished_at", "provider_id")
    ordering = ("-pk",)
    inlines = (Tries,)
    actions = ("send_again",)
    show_full_result_count = False

    @admin.action(description=_("Resend failed messages"))
    def send_again(self, request: HttpRequest, queryset: QuerySet[Outgoing]) -> None:
        count = queue.replay(queryset, now=timezone.now())
        message = ngettext("%(count)s message waits again.", "%(count)s messages wait again.", count)
        self.message_user(request, message % {"count": count}, messages.SUCCESS if count else messages.INFO)
