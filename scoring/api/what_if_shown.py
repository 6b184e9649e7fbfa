"""How the API shows what-if. Money is a month's, in the base currency; unknown value counts as 0 in sums."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from core.api.fields import Points
from scoring.api.shown import ModelOut, MoveOut
from scoring.models import EngagementBand, HealthBand
from scoring.what_if.comparison import BandChange

# Only the parameters with fixed names: points and weights are named by the draft's own types and factors.
_BOUND = {"type": "string", "format": "decimal"}
PARAMETERS = [
    OpenApiParameter("yellow_from", _BOUND, description="Try another bound: health is yellow from here."),
    OpenApiParameter("green_from", _BOUND, description="Try another bound: health is green from here."),
    OpenApiParameter("which", str, enum=[change.value for change in BandChange if change], description="Whom to list."),
    OpenApiParameter("page", {"type": "integer", "minimum": 1}, description="Of 50 customers."),
]


class SumOut(serializers.Serializer[Any]):
    customers = serializers.IntegerField()
    monthly_value = serializers.DecimalField(20, 2, source="value")


class ChangesOut(serializers.Serializer[Any]):
    """How many change, by the values of `which`."""

    all = SumOut()
    at_risk = SumOut(help_text="Become at risk.")
    no_longer_at_risk = SumOut()
    red = SumOut(help_text="Turn red.")
    worse = SumOut()
    better = SumOut()
    unknown = SumOut(help_text="Health becomes known or unknown.")
    engagement = SumOut()


class HealthFilledOut(serializers.Serializer[Any]):
    band = serializers.ChoiceField(HealthBand.choices, allow_null=True)
    before = SumOut()
    after = SumOut()


class EngagementFilledOut(serializers.Serializer[Any]):
    band = serializers.ChoiceField(EngagementBand.choices, allow_null=True)
    before = SumOut()
    after = SumOut()


class FlowOut(serializers.Serializer[Any]):
    before = serializers.ChoiceField(HealthBand.choices, allow_null=True)
    after = serializers.ChoiceField(HealthBand.choices, allow_null=True)
    moved = SumOut()


class WhyOut(serializers.Serializer[Any]):
    """What moves the scores. The differences add up to those of the scores; health has none where it is unknown."""

    engagement = MoveOut(many=True, source="lines")
    health = MoveOut(many=True, source="factors")


class ChangeOut(serializers.Serializer[Any]):
    customer_id = serializers.IntegerField(source="customer.pk")
    name = serializers.CharField(source="customer.name")
    owner_id = serializers.IntegerField(source="customer.owner_id", allow_null=True)
    monthly_value = serializers.DecimalField(20, 2, source="value", allow_null=True)
    health_before = Points(allow_null=True)
    health = Points(allow_null=True)
    health_band_before = serializers.ChoiceField(HealthBand.choices, source="band_before", allow_null=True)
    health_band = serializers.ChoiceField(HealthBand.choices, source="band", allow_null=True)
    engagement_band_before = serializers.ChoiceField(
        EngagementBand.choices, source="engagement_before", allow_null=True
    )
    engagement_band = serializers.ChoiceField(EngagementBand.choices, source="engagement", allow_null=True)
    at_risk_before = serializers.BooleanField()
    at_risk = serializers.BooleanField()
    why = WhyOut()


class WhatIfOut(serializers.Serializer[Any]):
    model = ModelOut()
    day = serializers.DateField(help_text="The last closed day.")
    currency = serializers.CharField()
    customers = serializers.IntegerField(help_text="Whom the draft would score, of those you see.")
    changes = ChangesOut()
    health = HealthFilledOut(many=True)
    engagement = EngagementFilledOut(many=True)
    flows = FlowOut(many=True, help_text="Between bands of health, the most revenue first.")
    results = ChangeOut(many=True, help_text="Who changes band, as `which` asks; who becomes at risk first.")
    page = serializers.IntegerField()
    pages = serializers.IntegerField()


class PreparedOut(serializers.Serializer[Any]):
    day = serializers.DateField()
    parts = serializers.IntegerField()
    ready = serializers.IntegerField(help_text="Parts that are ready.")
