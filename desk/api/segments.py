"""Segments of customers, and who is in them now."""

from datetime import timedelta

from django.db import IntegrityError
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from core.api.filtering import NoFilter
from core.api.refusals import Conflict
from core.api.schema import deletes, lists, reads, writes
from core.api.views import ApiView, checked, listed, page_of
from core.days import business_day
from core.pagination import Column, Keyset
from customers import segments
from customers.models import Segment
from customers.models.segment import SegmentQuerySet
from customers.segments import history
from desk.api.bodies import NewSegmentBody, SegmentBody
from desk.api.serializers import CustomerOut, SegmentDaysOut, SegmentOut, with_relations
from staff.api.authentication import author
from staff.api.requests import ApiRequest

TAG = "segments"
SPAN = 90  # days
BY_NAME = Keyset((Column("name"), Column("pk")))


class Segments(ApiView):
    area = "segments"
    filterset_class = NoFilter

    @lists("segments_list", SegmentOut, TAG)
    def get(self, request: ApiRequest) -> Response:
        """List the shared segments, and your own."""
        filterset = self.filtered(visible(request))
        return listed(SegmentOut, page_of(filterset.qs, BY_NAME, request))

    @writes("segments_create", NewSegmentBody, SegmentOut, TAG, status=(201,))
    def post(self, request: ApiRequest) -> Response:
        """Save a segment of your own. The company's key has none: send one that acts as a colleague."""
        owner = author(request)
        if owner is None:
            raise PermissionDenied(_("A segment belongs to a colleague. Send a key that acts as one."))
        data = checked(NewSegmentBody(data=request.data))
        # Asked first, because `segments.save` would give the existing segment the new filter.
        if Segment.objects.filter(owner=owner, name=data["name"]).exists():
            raise _taken()
        is_shared = data.get("is_shared", False)
        segment = segments.save(data["name"], data["query"], by=owner, is_shared=is_shared, now=self.now)
        return Response(SegmentOut(segment).data, 201)


class OneSegment(ApiView):
    area = "segments"

    @reads("segments_retrieve", SegmentOut, TAG)
    def get(self, request: ApiRequest, pk: int) -> Response:
        return Response(SegmentOut(get_object_or_404(visible(request), pk=pk)).data)

    @writes("segments_update", SegmentBody, SegmentOut, TAG)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Rename, share, or ask something else. `query` is replaced as a whole."""
        segment = editable(request, pk)
        try:
            segments.change(segment, now=self.now, **checked(SegmentBody(data=request.data)))
        except IntegrityError:
            raise _taken() from None
        return Response(SegmentOut(segment).data)

    @deletes("segments_delete", TAG)
    def delete(self, request: ApiRequest, pk: int) -> Response:
        try:
            segments.delete(editable(request, pk))
        except segments.InUse as refusal:
            raise Conflict(str(refusal)) from None
        return Response(status=204)


class Members(ApiView):
    area = "segments"
    filterset_class = NoFilter

    @lists("segments_members", CustomerOut, TAG)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """List the customers who are in it now, of those you see; nobody when its filter no longer works."""
        segment = get_object_or_404(visible(request), pk=pk)
        today = business_day(self.now)
        filterset = self.filtered(segments.members(segment, request.user))
        return listed(CustomerOut, page_of(with_relations(filterset.qs, today), BY_NAME, request), today=today)


class OverTime(ApiView):
    area = "segments"

    @reads("segments_over_time", SegmentDaysOut, TAG)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """Say how many were in it at the close of each of the last 90 days, of those you see, and how many moved.

        It is written by the close and cannot be recomputed: days that are missing are unknown.
        """
        segment = get_object_or_404(visible(request), pk=pk)
        today = business_day(self.now)
        days = history.load(segment, request.user, today - timedelta(days=SPAN), today - timedelta(days=1))
        return Response(SegmentDaysOut({"days": days}).data)


def visible(request: ApiRequest) -> SegmentQuerySet:
    rows: SegmentQuerySet = Segment.objects.visible_to(request.user).select_related("owner")
    return rows


def editable(request: ApiRequest, pk: int) -> Segment:
    """Return a segment that the caller may change: their own, or a shared one for admins, leads and the company."""
    segment: Segment = get_object_or_404(visible(request), pk=pk)
    if not Segment.objects.editable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied(_("This segment belongs to a colleague."))
    return segment


def _taken() -> Conflict:
    return Conflict(_("You already have a segment with this name."))
