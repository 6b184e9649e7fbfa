"""Versions of the scoring model by the API: what each says, who published it when, and why."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter
from rest_framework import serializers
from rest_framework.response import Response

from core.api.schema import lists, reads
from core.api.views import ApiView, listed, page_of
from core.filters import ClosedFilter
from core.pagination import Column, Keyset
from events.models import Channel
from scoring.models import Factor, FactorKind, Group, NullRule, ScoringModel, Status, Weight
from staff.api.requests import ApiRequest

TAG = "scores"
NEWEST_FIRST = Keyset((Column("pk", descending=True),))
Versions = QuerySet[ScoringModel]


class StatusFilter(ClosedFilter[Versions]):
    status = ChoiceFilter(label=_("Status"), choices=Status.choices, empty_label=_("All"))


class ModelSegmentOut(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()


class AuthorOut(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()


class VersionOut(serializers.Serializer[ScoringModel]):
    """A version; once it is published it never changes, but for being retired."""

    version = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(Status.choices)
    segment = ModelSegmentOut(allow_null=True, help_text="Whom it scores; null: everybody who has no own model.")
    precedence = serializers.IntegerField(help_text="Of several segments' models, the lowest number counts.")
    copied_from = serializers.IntegerField(allow_null=True, help_text="The version it began as a copy of.")
    created_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)
    published_by = AuthorOut(allow_null=True)
    retired_at = serializers.DateTimeField(allow_null=True)


class WeightOut(serializers.Serializer[Weight]):
    """What events of one type are worth."""

    event_type_id = serializers.IntegerField()
    event_type = serializers.CharField(source="event_type.name")
    channel = serializers.ChoiceField(Channel.choices, source="event_type.channel")
    points = serializers.DecimalField(6, 2, help_text="For each.")
    daily_cap = serializers.IntegerField(help_text="More than so many a day count as so many.")
    window = serializers.IntegerField(allow_null=True, help_text="Days; null: the version's own.")
    half_life = serializers.IntegerField(allow_null=True, help_text="Days; null: the version's own.")
    per_contact = serializers.BooleanField(help_text="Divided by the number of active contacts.")
    is_grave = serializers.BooleanField(help_text="Once it happened, a customer is no longer new.")


class FactorOfVersionOut(serializers.Serializer[Factor]):
    """One input of health: 0 points at its worst value, 100 at its best."""

    kind = serializers.ChoiceField(FactorKind.choices)
    name = serializers.CharField(allow_blank=True, help_text="Of an attribute.")
    group = serializers.ChoiceField(Group.choices)
    weight = serializers.IntegerField()
    worst = serializers.DecimalField(12, 2)
    best = serializers.DecimalField(12, 2)
    days = serializers.IntegerField(help_text="The period, of factors that have one.")
    max_age = serializers.IntegerField(help_text="Days; an older input is unknown.")
    null_rule = serializers.ChoiceField(NullRule.choices)
    fixed_value = serializers.DecimalField(5, 2, allow_null=True)
    cap_from = serializers.DecimalField(5, 2, allow_null=True, help_text="At so many points or fewer it caps health.")
    cap_to = serializers.DecimalField(5, 2, allow_null=True, help_text="What health is then at most.")
    source = serializers.CharField(  # type: ignore[assignment] # the field's own `source` is not used
        source="source.name", allow_null=True, default=None
    )
    silent_after = serializers.IntegerField(allow_null=True, help_text="Days.")


class BandsOut(serializers.Serializer[ScoringModel]):
    """Where the bands of engagement and health begin and end, in points."""

    disengaged_from = serializers.DecimalField(7, 2)
    disengaged_to = serializers.DecimalField(7, 2)
    somewhat_to = serializers.DecimalField(7, 2)
    highly_to = serializers.DecimalField(7, 2)
    yellow_from = serializers.DecimalField(7, 2)
    green_from = serializers.DecimalField(7, 2)


class WholeVersionOut(VersionOut):
    """A version with all that a score is made from."""

    window = serializers.IntegerField(help_text="Days that events count, unless a weight has its own window.")
    half_life = serializers.IntegerField(allow_null=True, help_text="Days; null: full weight through the window.")
    least_coverage = serializers.IntegerField(help_text="Per cent of weight with fresh data; below it no health.")
    least_history = serializers.IntegerField(help_text="Days a customer is known before it has health.")
    new_days_trial = serializers.IntegerField(help_text="For so many days a customer on trial is new; 0: never.")
    new_days_active = serializers.IntegerField(help_text="For so many days an active customer is new; 0: never.")
    unsent_is_unknown = serializers.BooleanField(
        help_text="A factor that counts events is unknown, not 0, until the first such event of any customer."
    )
    bands = BandsOut(source="*")
    weights = WeightOut(many=True)
    factors = FactorOfVersionOut(many=True)


class ScoringModels(ApiView):
    area = "scores"
    filterset_class = StatusFilter

    @lists("scoring_models_list", VersionOut, TAG)
    def get(self, request: ApiRequest) -> Response:
        """List the versions of the scoring model, drafts too, newest first."""
        filterset = self.filtered(ScoringModel.objects.select_related("segment", "published_by"))
        return listed(VersionOut, page_of(filterset.qs, NEWEST_FIRST, request))


class OneScoringModel(ApiView):
    area = "scores"

    @reads("scoring_models_retrieve", WholeVersionOut, TAG)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """Say what a version is made of: bands, weights, factors."""
        versions = ScoringModel.objects.select_related("segment", "published_by").prefetch_related(
            "weights__event_type", "factors__source"
        )
        return Response(WholeVersionOut(get_object_or_404(versions, pk=pk)).data)
