"""Surveys: listed, made from templates, changed, started, closed, copied."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError as InvalidAnswers
from django.db import transaction
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from core.api.refusals import Conflict
from core.api.schema import deletes, lists, reads, writes
from core.api.views import ApiView, checked, listed, page_of
from core.pagination import Column, Keyset
from staff.api.authentication import author
from staff.api.requests import ApiRequest
from surveys import lifecycle
from surveys.api.filters import SurveyFilter
from surveys.api.permissions import for_makers, survey_of, surveys, without_words
from surveys.api.shown import SurveyOut
from surveys.api.written import NewSurveyBody, SurveyBody
from surveys.models import Survey

TAG = "surveys"
NEWEST_FIRST = Keyset((Column("pk", descending=True),))


class Surveys(ApiView):
    area = "surveys"
    filterset_class = SurveyFilter

    @lists("surveys_list", SurveyOut, TAG)
    def get(self, request: ApiRequest) -> Response:
        """List surveys, drafts and closed ones too, newest first."""
        filtered = self.filtered(surveys())
        return listed(SurveyOut, page_of(filtered.qs, NEWEST_FIRST, request))

    @writes("surveys_create", NewSurveyBody, SurveyOut, TAG, status=(201,))
    def post(self, request: ApiRequest) -> Response:
        """Make a draft from a template; what else is named takes the place of the template's."""
        for_makers(request)
        data = checked(NewSurveyBody(data=request.data))
        template = data.pop("template")
        # One transaction: when another field is refused, no half-made draft stays.
        with transaction.atomic():
            draft = lifecycle.create(template, name=data.pop("name", ""), now=self.now, by=author(request))
            return Response(_shown(_changed(draft, data)), 201)


class OneSurvey(ApiView):
    area = "surveys"

    @reads("surveys_retrieve", SurveyOut, TAG)
    def get(self, request: ApiRequest, pk: int) -> Response:
        return Response(SurveyOut(survey_of(pk)).data)

    @writes("surveys_update", SurveyBody, SurveyOut, TAG)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Change a draft. Of what runs, only name, look, last day, reminder and widget's sites: else 409."""
        for_makers(request)
        return Response(_shown(_changed(survey_of(pk), checked(SurveyBody(data=request.data)))))

    @deletes("surveys_delete", TAG)
    def delete(self, request: ApiRequest, pk: int) -> Response:
        """Forget a draft. What ran stays (409)."""
        for_makers(request)
        _now(lambda: lifecycle.delete(survey_of(pk)))
        return Response(status=204)


class Start(ApiView):
    area = "surveys"

    @writes("surveys_start", None, SurveyOut, TAG)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Let a draft ask and take answers; the version before it is closed."""
        for_makers(request)
        without_words(request)
        return Response(_shown(_now(lambda: lifecycle.start(survey_of(pk), now=self.now))))


class Close(ApiView):
    area = "surveys"

    @writes("surveys_close", None, SurveyOut, TAG)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Take no more answers and ask nobody any more. Its answers stay."""
        for_makers(request)
        without_words(request)
        _now(lambda: lifecycle.close(survey_of(pk), now=self.now))
        return Response(_shown(survey_of(pk)))


class Copy(ApiView):
    area = "surveys"

    @writes("surveys_copy", None, SurveyOut, TAG, status=(201,))
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Make a draft like it, with a life of its own."""
        for_makers(request)
        without_words(request)
        return Response(_shown(lifecycle.copy(survey_of(pk), now=self.now, by=author(request))), 201)


class Versions(ApiView):
    area = "surveys"

    # 200, not 201: the draft may have stood before.
    @writes("surveys_new_version", None, SurveyOut, TAG, status=(200,))
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Make the draft that takes its place when it starts; the one that stands, if there is one."""
        for_makers(request)
        without_words(request)
        draft = _now(lambda: lifecycle.new_version(survey_of(pk), now=self.now, by=author(request)))
        return Response(_shown(draft))


def _changed(survey: Survey, data: dict[str, Any]) -> Survey:
    """Raises ValidationError and Conflict."""
    try:
        if "logo" in data:
            body = data.pop("logo")
            data["logo_id"] = None if body is None else lifecycle.keep_logo(body).pk
        return _now(lambda: lifecycle.change(survey, data))
    except InvalidAnswers as refusal:
        # `lifecycle.change` names fields; `keep_logo` knows only the picture.
        faults = refusal.message_dict if hasattr(refusal, "error_dict") else {"logo": refusal.messages}
        raise ValidationError(faults) from None


def _now(act: Callable[[], Any]) -> Any:
    """Raises Conflict for a step the survey cannot take."""
    try:
        return act()
    except lifecycle.InvalidState as refusal:
        raise Conflict(str(refusal)) from None


def _shown(survey: Survey) -> Any:
    # Read again with its owner: the row that a verb locks comes without.
    return SurveyOut(survey_of(survey.pk)).data
