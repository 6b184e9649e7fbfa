"""Survey distributions: recipients and timing of a running survey, with a forecast."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from core.api.filtering import NoFilter
from core.api.refusals import Conflict
from core.api.schema import lists, reads, writes
from core.api.views import ApiView, checked, listed, page_of
from core.pagination import Column, Keyset
from customers.models import Segment
from staff.api.authentication import author
from staff.api.requests import ApiRequest
from staff.models import Role
from surveys.api.permissions import survey_of, without_words
from surveys.api.shown import NewWaveOut, WaveOut
from surveys.api.written import WaveBody
from surveys.lifecycle import InvalidState
from surveys.models import Survey, Wave
from surveys.sending import dispatch, distributions

TAG = "surveys"
NEWEST_FIRST = Keyset((Column("pk", descending=True),))


class Waves(ApiView):
    area = "surveys"
    filterset_class = NoFilter

    @lists("survey_waves_list", WaveOut, TAG)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """List whom a survey asks and asked, newest first."""
        filtered = self.filtered(survey_of(pk).waves.all())
        return listed(WaveOut, page_of(filtered.qs, NEWEST_FIRST, request))

    @writes("survey_waves_create", WaveBody, NewWaveOut, TAG, status=(200, 201))
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Have a running survey ask, by e-mail, the contacts of the customers you see: a
        CSM those of their own.

        Nobody is asked twice in the pause, nor who opted out or has no address that works: `forecast` says how many.
        With `only_forecast` nothing is written, and the answer is 200.
        """
        survey = survey_of(pk)
        data = checked(WaveBody(data=request.data, context={"user": request.user}))
        only_forecast = data.pop("only_forecast")
        wave = self._wave(survey, data)
        # Before it begins: a worker may ask at once, and contacts just asked would be counted as `lately`.
        forecast = dispatch.forecast(wave, now=self.now)
        if not only_forecast:
            self._begin(wave)
        shown = {"asked": forecast.pop("asked"), "dropped": forecast}
        wave.forecast = shown  # type: ignore[attr-defined] # for the serializer
        return Response(NewWaveOut(wave).data, 200 if only_forecast else 201)

    def _wave(self, survey: Survey, data: dict[str, Any]) -> Wave:
        by = author(self.request)
        if by is not None and by.role == Role.CSM:
            data = _to_own(data, by.pk)
        # No author: the company's own key, which sees every customer.
        return Wave(**{"survey": survey, "by": by, "sees_all": by is None, "starts_at": self.now, **data})

    def _begin(self, wave: Wave) -> None:
        """Raises Conflict."""
        try:
            distributions.begin(wave, now=self.now)
        except InvalidState as refusal:
            raise Conflict(str(refusal)) from None


def _to_own(data: dict[str, Any], pk: int) -> dict[str, Any]:
    """Narrow the request to a CSM's own customers, the only ones the page lets them survey. Raises ValidationError."""
    rest = {name: value for name, value in data.items() if name not in ("segment_id", "query")}
    query = Segment.objects.get(pk=data["segment_id"]).query if "segment_id" in data else data["query"]
    # Refused rather than replaced: asking other people than were named would be worse.
    if query.get("owner", str(pk)) != str(pk):
        raise ValidationError({"query": [_("You can survey contacts of your own customers.")]})
    # A segment cannot be narrowed, so its filter is copied as it is today, with the owner added.
    return {**rest, "query": {**query, "owner": str(pk)}}


class OneWave(ApiView):
    area = "surveys"

    @reads("survey_waves_retrieve", WaveOut, TAG)
    def get(self, request: ApiRequest, pk: int, wave: int) -> Response:
        return Response(WaveOut(get_object_or_404(Wave, survey=pk, pk=wave)).data)


class EndWave(ApiView):
    area = "surveys"

    @writes("survey_waves_end", None, WaveOut, TAG)
    def post(self, request: ApiRequest, pk: int, wave: int) -> Response:
        """End this distribution. Its author may, and admins and leads."""
        without_words(request)
        row = get_object_or_404(Wave, survey=pk, pk=wave)
        if request.user.role not in (Role.ADMIN, Role.LEAD) and row.by_id != request.user.pk:
            raise PermissionDenied
        distributions.end(row, now=self.now)
        row.refresh_from_db()
        return Response(WaveOut(row).data)
