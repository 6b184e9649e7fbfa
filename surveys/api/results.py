"""Results of a survey, as on its page: the score with its interval, counts of answers, and the funnel."""

from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.response import Response

from core.api.filtering import NoFilter
from core.api.schema import reads
from core.api.views import ApiView
from core.days import business_day
from staff.api.requests import ApiRequest
from surveys import kinds
from surveys.api.permissions import survey_of
from surveys.filters import ResultsFilter
from surveys.models import Survey, Tally
from surveys.questionnaire.questions import TYPES
from surveys.results import groups, measures, versions, voice
from surveys.views.reading.results import grouped, measured_for

TAG = "surveys"


# Floats, not rounded: how many digits are shown is the reader's decision.
class EstimateOut(serializers.Serializer[Any]):
    """A figure and its interval of 95 per cent. NPS and CXI in points, shares from 0 to 1, means on the scale."""

    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    n = serializers.IntegerField(help_text="Answers it stands on.")


class CountOut(serializers.Serializer[Any]):
    value = serializers.IntegerField(help_text="A score, or the number of an answer to choose from, beginning with 1.")
    count = serializers.IntegerField()


class SaidOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    type = serializers.ChoiceField(TYPES)
    n = serializers.IntegerField(help_text="Choices counted.")
    counts = CountOut(many=True)
    mean = EstimateOut(allow_null=True, help_text="Of ratings.")


class PeriodOut(serializers.Serializer[Any]):
    day = serializers.DateField(help_text="Its first.")
    n = serializers.IntegerField()
    score = EstimateOut(allow_null=True)


class ResultsMovedOut(serializers.Serializer[Any]):
    """The newest period against the one before. It is a change only when its interval leaves 0 out."""

    before = serializers.DateField()
    after = serializers.DateField()
    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    is_change = serializers.BooleanField()


class FunnelOut(serializers.Serializer[Any]):
    sent = serializers.IntegerField()
    delivered = serializers.IntegerField(help_text="0 where the mail provider tells nothing; so for opened.")
    opened = serializers.IntegerField()
    started = serializers.IntegerField()
    replied = serializers.IntegerField(help_text="Answered, of those who were sent the question.")
    answered = serializers.IntegerField(help_text="All answers, also of those nobody asked.")
    failed = serializers.IntegerField()
    dropped = serializers.DictField(child=serializers.IntegerField(), help_text="Not sent, by reason.")


class ResultsOut(serializers.Serializer[Any]):
    survey_id = serializers.IntegerField()
    kind = serializers.ChoiceField(kinds.choices())
    n = serializers.IntegerField(
        help_text="Answers the figures stand on; 0 when a confidential survey has fewer than 5."
    )
    score = EstimateOut(allow_null=True)
    easy = EstimateOut(allow_null=True, help_text="Of effort: the share of 5 to 7.")
    distribution = CountOut(many=True)
    questions = SaidOut(many=True)
    per = serializers.CharField(help_text="What a period of the course is: week, month or quarter.")
    course = PeriodOut(many=True)
    moved = ResultsMovedOut(allow_null=True)
    funnel = FunnelOut()
    response_rate = EstimateOut(allow_null=True)
    first = serializers.DateField(allow_null=True)
    last = serializers.DateField(allow_null=True)


class GroupOut(serializers.Serializer[Any]):
    name = serializers.CharField(allow_blank=True, help_text="As stored; empty: not known.")
    n = serializers.IntegerField()
    score = EstimateOut(allow_null=True, source="estimate")


class GroupsOut(serializers.Serializer[Any]):
    """The most answers first. In confidence, groups that are too small stand together."""

    groups = GroupOut(many=True, source="rows")
    hidden = serializers.IntegerField(help_text="How many groups are too small to be shown.")
    rest = GroupOut(allow_null=True, help_text="Those hidden and those beyond the 40 largest, together.")


class VoiceOut(serializers.Serializer[Any]):
    """A share from 0 to 1, NPS in points, and the share of contacts reached; null: nobody was asked."""

    satisfaction = EstimateOut(allow_null=True)
    loyalty = EstimateOut(allow_null=True)
    awareness = EstimateOut(allow_null=True)
    index = serializers.FloatField(allow_null=True, help_text="From 0 to 1; null while a part is missing.")


class Results(ApiView):
    area = "surveys"
    filterset_class = ResultsFilter

    @reads("survey_results_retrieve", ResultsOut, TAG)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """Say what a survey found, from its daily counts; an address of the page works here.

        Of all customers; a colleague who sees their own customers only gets the figures of these, and none of a
        survey in confidence.

        `versions=all` adds up all versions of a survey that has several, but for those in confidence: of these nothing
        is said of fewer than five answers, whatever days are asked for.
        """
        survey = survey_of(pk)
        filtered = self.filtered(Tally.objects.all(), survey=survey, chain=versions.all_versions(survey))
        results = measured_for(request.user, survey, filtered, today=business_day(self.now))
        return Response(ResultsOut(_results_out(survey, results)).data)


class ResultsBy(ApiView):
    area = "surveys"
    filterset_class = ResultsFilter

    @reads("survey_results_by_retrieve", GroupsOut, TAG)
    def get(self, request: ApiRequest, pk: int, what: str) -> Response:
        """Say what a survey found by `segment`, `plan`, `industry`, `owner`, `channel` or `language`.

        Of the customers you see; segments are the shared ones and your own.
        """
        survey = survey_of(pk)
        if what not in groups.LABELS:
            raise Http404
        filtered = self.filtered(Tally.objects.all(), survey=survey, chain=versions.all_versions(survey))
        return Response(GroupsOut(grouped(request.user, survey, what, filtered)).data)


class Voice(ApiView):
    area = "surveys"
    filterset_class = NoFilter

    @reads("voice_retrieve", VoiceOut, TAG)
    def get(self, request: ApiRequest) -> Response:
        """Say how satisfied and how loyal the customers you see are, and how many are reached, in the last 365 days."""
        # Only to refuse unknown parameters: nothing can be chosen here.
        self.filtered(Tally.objects.none())
        return Response(VoiceOut(voice.customer_voice(request.user, today=business_day(self.now))).data)


def _results_out(survey: Survey, results: measures.Measures) -> dict[str, Any]:
    way = results.way
    return {
        "survey_id": survey.pk,
        "kind": survey.kind,
        "distribution": _counts(results.counts),
        "questions": [
            {"key": row.question.key, "type": row.question.type, "n": row.n, "counts": _counts(row.counts),
             "mean": row.mean}
            for row in results.questions
        ],
        "course": [
            {"day": period.day, "n": sum(period.counts.values()), "score": period.estimate} for period in results.course
        ],
        "moved": _moved(results.moved),
        "funnel": {
            "sent": way.sent, "delivered": way.delivered, "opened": way.opened, "started": way.started,
            "replied": way.replied, "answered": way.answered, "failed": way.failed, "dropped": way.dropped,
        },
        "response_rate": way.response,
        **{name: getattr(results, name) for name in ("n", "score", "easy", "per", "first", "last")},
    }  # fmt: skip


def _counts(counts: Any) -> list[dict[str, int]]:
    return [{"value": value, "count": count} for value, count in sorted(counts.items()) if count]


def _moved(moved: measures.LatestChange | None) -> dict[str, Any] | None:
    if moved is None:
        return None
    change = moved.change
    days = {"before": moved.before.day, "after": moved.after.day}
    return {**days, "value": change.value, "low": change.low, "high": change.high, "is_change": change.is_one}
