"""Admin pages of rows that other systems brought and we could not take: to search, and to try again."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.admin import action
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin.parts import FilledIn, ReadOnlyAdmin

MOST_AT_ONCE = 500  # rows tried again by one click: a request must end
REASONS_SHOWN = 5


class Replayed(FilledIn):
    title, parameter_name = _("replayed"), "replayed"
    column, words = "replayed_at", (_("Not yet"), _("Replayed"))


class ReplayableAdmin(ReadOnlyAdmin):
    """Rows with `received_at`, `reason` and `replayed_at`. A subclass says how one is replayed."""

    actions = ("try_again",)
    show_full_result_count = False

    def replay(self, row: Any, *, now: datetime) -> str:
        """Try one row again; return why it failed, or "" when it was taken."""
        raise NotImplementedError

    def taken(self, count: int) -> str:
        """Return the sentence that says how many were taken."""
        raise NotImplementedError

    @action(description=_("Replay: try again"))
    def try_again(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Replay what waits, the oldest first, each in a transaction of its own; group the failures by reason."""
        waiting = queryset.filter(replayed_at=None).order_by("received_at", "pk")
        now = timezone.now()
        # Grouped: five hundred messages of the same reason would fill the page.
        reasons = Counter(self.replay(row, now=now) for row in waiting[:MOST_AT_ONCE])
        count = reasons.pop("", 0)
        self.message_user(request, self.taken(count), messages.SUCCESS if count else messages.INFO)
        for reason, failures in reasons.most_common(REASONS_SHOWN):
            text = gettext("Failed again, %(count)s: %(reason)s") % {"count": failures, "reason": reason}
            self.message_user(request, text, messages.WARNING)
