"""Answers: read one by one unless the survey is confidential, taken from other tools, followed up."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response

from core.api.fields import Body
from core.api.filtering import NoFilter
from core.api.refusals import Conflict
from core.api.schema import deletes, lists, reads, writes
from core.api.views import ApiView, checked, listed, page_of
from core.pagination import Column, Keyset
from staff.api.authentication import author
from staff.api.requests import ApiRequest
from surveys.answering import follow_up
from surveys.answering.external_answers import Taken
from surveys.api import incoming
from surveys.api.filters import AnswerFilter
from surveys.api.permissions import InConfidence, survey_of
from surveys.api.shown import AnswerOut, TakenAnswersOut, ThemeOut
from surveys.api.written import LoopBody
from surveys.models import Answer, Theme, Via

TAG = "surveys"
NEWEST_FIRST = Keyset((Column("answered_at", descending=True), Column("id")))
BY_NAME = Keyset((Column("name"), Column("pk")))


class AnswersBody(Body):
    answers = serializers.ListField(child=incoming.GivenBody(), min_length=1, max_length=incoming.MOST)


class Answers(ApiView):
    area = "surveys"
    filterset_class = AnswerFilter

    @lists("survey_answers_list", AnswerOut, TAG)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """List the answers of the customers you see, newest first. 409 `in_confidence` where none is shown."""
        survey = survey_of(pk)
        if survey.is_confidential:
            raise InConfidence(_("This survey is confidential: only totals are shown."))
        filtered = self.filtered(visible(request).filter(survey=survey))
        return listed(AnswerOut, page_of(filtered.qs, NEWEST_FIRST, request))

    @writes("survey_answers_create", AnswersBody, TakenAnswersOut, TAG)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Store answers that other tools collected, at most 1,000 at once; report on each.

        One that is refused costs only itself. An `external_id` sent again is the same answer: within a day it may say
        something else. An answer that names nobody belongs to no contact.
        """
        survey = survey_of(pk)
        rows = checked(AnswersBody(data=request.data))["answers"]
        taken = incoming.take(survey, rows, user=request.user, via=Via.API, now=self.now)
        # 200 although some may be refused: the caller finds the reason beside each, and can send that one again.
        return Response(taken_answers(rows, taken))


class Waiting(ApiView):
    area = "surveys"
    filterset_class = AnswerFilter

    @lists("answers_waiting", AnswerOut, TAG)
    def get(self, request: ApiRequest) -> Response:
        """List unhappy answers of all surveys that nobody has followed up yet."""
        filtered = self.filtered(visible(request).to_follow_up())
        return listed(AnswerOut, page_of(filtered.qs, NEWEST_FIRST, request))


class OneAnswer(ApiView):
    area = "surveys"

    @reads("answers_retrieve", AnswerOut, TAG)
    def get(self, request: ApiRequest, pk: int, answer: uuid.UUID) -> Response:
        """Read one answer; one of a confidential survey is not found."""
        return Response(AnswerOut(answer_of(request, pk, answer)).data)


class CloseLoop(ApiView):
    area = "surveys"

    @writes("answers_close_loop", LoopBody, AnswerOut, TAG)
    def post(self, request: ApiRequest, pk: int, answer: uuid.UUID) -> Response:
        """Close the follow-up with a note of what was done. 409 when it was closed before."""
        row = answer_of(request, pk, answer)
        note = checked(LoopBody(data=request.data))["note"]
        if not follow_up.close(row, note=note, by=author(request), now=self.now):
            raise Conflict(_("This answer has already been followed up."))
        # Read again: the follow-up was closed by an UPDATE, which leaves `row` as it was.
        return Response(AnswerOut(answer_of(request, pk, answer)).data)

    @deletes("answers_reopen_loop", TAG)
    def delete(self, request: ApiRequest, pk: int, answer: uuid.UUID) -> Response:
        """Open it again."""
        follow_up.reopen(answer_of(request, pk, answer))
        return Response(status=204)


class ThemeOfAnswer(ApiView):
    area = "surveys"

    @writes("answers_tag", None, AnswerOut, TAG)
    def put(self, request: ApiRequest, pk: int, answer: uuid.UUID, theme: int) -> Response:
        """Put a theme on its comment."""
        follow_up.tag(answer_of(request, pk, answer), get_object_or_404(Theme, pk=theme))
        return Response(AnswerOut(answer_of(request, pk, answer)).data)

    @deletes("answers_untag", TAG)
    def delete(self, request: ApiRequest, pk: int, answer: uuid.UUID, theme: int) -> Response:
        follow_up.tag(answer_of(request, pk, answer), get_object_or_404(Theme, pk=theme), remove=True)
        return Response(status=204)


class Themes(ApiView):
    area = "surveys"
    filterset_class = NoFilter

    @lists("themes_list", ThemeOut, TAG)
    def get(self, request: ApiRequest) -> Response:
        """List what comments can be about."""
        filtered = self.filtered(Theme.objects.all())
        return listed(ThemeOut, page_of(filtered.qs, BY_NAME, request))


def visible(request: ApiRequest) -> Any:
    """Return the answers that may be shown one by one, of the customers the request may see."""
    # Confidential answers are not found at all: 403 would confirm that one exists.
    return Answer.objects.visible_to(request.user).named()


def answer_of(request: ApiRequest, customer: int, answer: uuid.UUID) -> Answer:
    rows: QuerySet[Answer] = visible(request)
    return get_object_or_404(rows, customer=customer, id=answer)


def taken_answers(rows: list[Any], taken: list[Taken]) -> Any:
    """Return what became of answers, as the API and webhooks say it."""
    results = [
        {
            "taken": result.answer is not None,
            "problem": result.problem,
            # A webhook brings whatever the other tool writes, not always an object.
            "external_id": row.get("external_id", "") if isinstance(row, dict) else "",
            "answer_id": result.answer.id if result.answer else None,
            "customer_id": result.answer.customer_id if result.answer else None,
        }
        for row, result in zip(rows, taken, strict=True)
    ]
    count = sum(result.answer is not None for result in taken)
    return TakenAnswersOut({"taken": count, "refused": len(results) - count, "results": results}).data
