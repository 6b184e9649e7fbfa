from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from core import notices
from core.api.fields import BIGGEST, Body
from core.api.schema import lists, writes
from core.api.views import ApiView, checked, page_of
from core.models import Notice
from core.notices import reading, showing
from core.notices.filters import UNREAD_FIRST, NoticeFilter

TAG = "notices"


class NoticeOut(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="notice.pk")
    # No choices: other kinds will be added, and programs must not refuse them.
    kind = serializers.CharField(source="notice.kind")
    text = serializers.CharField(help_text="In the language of the request.")
    count = serializers.IntegerField(help_text="Of how many things it is, as far as the colleague may see them.")
    path = serializers.CharField(source="address", help_text="The page it leads to.")
    by_id = serializers.IntegerField(
        source="notice.by_id", allow_null=True, help_text="The colleague who did it; null: another system."
    )
    at = serializers.DateTimeField(source="notice.at")
    read_at = serializers.DateTimeField(source="notice.read_at", allow_null=True)


class NoticesUpToBody(Body):
    up_to = serializers.IntegerField(
        min_value=1, max_value=BIGGEST, help_text="The largest `id` that was read: what came later stays unread."
    )


class NoticesReadOut(serializers.Serializer[Any]):
    marked = serializers.IntegerField(help_text="How many had been unread.")


class Notices(ApiView):
    """Takes a key that acts as a colleague, and so do the others."""

    area = "customers"
    filterset_class = NoticeFilter

    @lists("notices_list", NoticeOut, TAG)
    def get(self, request: Request) -> Response:
        """List the colleague's notices: unread ones first, the newest first among each."""
        page = page_of(self.filtered(own(request)).qs, UNREAD_FIRST, request)
        results = NoticeOut(showing.load(page.rows, request.user), many=True).data
        return Response({"results": results, "next_cursor": page.next_cursor})


class OneRead(ApiView):
    area = "customers"

    @writes("notices_mark_read", None, NoticeOut, TAG)
    def post(self, request: Request, pk: int) -> Response:
        """Mark a notice as read."""
        get_object_or_404(own(request), pk=pk)
        notices.mark_read(request.user, [pk], now=self.now)
        [shown] = showing.load([own(request).get(pk=pk)], request.user)
        return Response(NoticeOut(shown).data)


class AllRead(ApiView):
    area = "customers"

    @writes("notices_mark_all_read", NoticesUpToBody, NoticesReadOut, TAG)
    def post(self, request: Request) -> Response:
        """Mark all notices up to one as read."""
        own(request)
        up_to = checked(NoticesUpToBody(data=request.data))["up_to"]
        return Response(NoticesReadOut({"marked": notices.mark_all_read(request.user, up_to=up_to, now=self.now)}).data)


def own(request: Request) -> QuerySet[Notice]:
    """Return the notices of the colleague as whom the key acts. Raises PermissionDenied for the company's own key."""
    if request.user.pk is None:
        raise PermissionDenied(_("Notices belong to a colleague. Use a key that acts as one."), "no_colleague")
    return reading.visible_to(request.user).select_related("by")
