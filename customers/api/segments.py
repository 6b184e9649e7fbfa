"""Segments: saved views of the customer list, and who is in them now."""

from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from core.days import utc_day
from core.pagination import Column, Keyset
from customers import segments
from customers.api.shown import CustomerOut, SegmentOut, with_relations
from customers.models import Segment
from customers.models.segment import SegmentQuerySet
from engagement_site.api.schema import lists, reads
from engagement_site.api.views import ApiView, Asked, Nothing, filtered, listed, page_of

TAG = "segments"
BY_NAME = Keyset((Column("name"), Column("pk")))


class Segments(ApiView):
    area = "segments"
    filter_class = Nothing

    @lists("segments_list", SegmentOut, TAG)
    def get(self, request: Asked) -> Response:
        """List the shared views, and your own."""
        asked = filtered(Nothing, request, visible(request))
        return listed(SegmentOut, page_of(asked.found, BY_NAME, request))


class OneSegment(ApiView):
    area = "segments"

    @reads("segments_retrieve", SegmentOut, TAG)
    def get(self, request: Asked, pk: int) -> Response:
        return Response(SegmentOut(get_object_or_404(visible(request), pk=pk)).data)


class Members(ApiView):
    area = "segments"
    filter_class = Nothing

    @lists("segments_members", CustomerOut, TAG)
    def get(self, request: Asked, pk: int) -> Response:
        """List the customers who are in it now, of those you see; nobody when its filter no longer works."""
        segment = get_object_or_404(visible(request), pk=pk)
        today = utc_day(self.now)
        asked = filtered(Nothing, request, segments.members(segment, request.user))
        return listed(CustomerOut, page_of(with_relations(asked.found, today), BY_NAME, request), today=today)


def visible(request: Asked) -> SegmentQuerySet:
    rows: SegmentQuerySet = Segment.objects.visible_to(request.user).select_related("owner")
    return rows
