"""How the API shows scores. Points are texts with two decimals; unknown is null, never 0."""

from typing import Any

from rest_framework import serializers

from core.api.fields import Points
from events.models import Channel
from scoring.models import EngagementBand, FactorKind, Group, HealthBand


class ModelOut(serializers.Serializer[Any]):
    version = serializers.IntegerField(source="pk")
    name = serializers.CharField()


class DayOfLineOut(serializers.Serializer[Any]):
    day = serializers.DateField()
    count = serializers.IntegerField()
    quantity = serializers.IntegerField()
    decay = serializers.IntegerField(help_text="In millionths.")
    points = serializers.DecimalField(20, 6, help_text="What the day adds; the sum of the days is rounded once.")


class LineOut(serializers.Serializer[Any]):
    """What events of one type contribute. The contributions of all lines add up to the engagement, exactly."""

    event_type = serializers.CharField(source="event_type.name")
    channel = serializers.ChoiceField(Channel.choices, source="event_type.channel")
    count = serializers.IntegerField(help_text="Events in the window.")
    quantity = serializers.IntegerField(help_text="What counts of them, after units and daily caps.")
    points = serializers.DecimalField(9, 2, help_text="For each.")
    contribution = Points()
    contacts = serializers.IntegerField(help_text="Divided among so many active contacts; 1: not divided.")
    window = serializers.IntegerField(help_text="Days.")
    half_life = serializers.IntegerField(allow_null=True, help_text="Days; null: full weight through the window.")
    days = DayOfLineOut(many=True, help_text="The days whose events it is made of, the latest first.")


class NotWeighedOut(serializers.Serializer[Any]):
    event_type = serializers.CharField()
    count = serializers.IntegerField()


class FactorOut(serializers.Serializer[Any]):
    """What one factor contributes to health. The contributions add up to it, exactly."""

    kind = serializers.ChoiceField(FactorKind.choices)
    name = serializers.CharField(allow_blank=True, help_text="Of an attribute.")
    group = serializers.ChoiceField(Group.choices)
    input = Points(allow_null=True)
    known_on = serializers.DateField(allow_null=True, help_text="When it was last said, of inputs that are logged.")
    points = Points(allow_null=True, help_text="0 to 100.")
    weight = serializers.IntegerField()
    contribution = Points()
    why = serializers.CharField(
        help_text="Empty; else why there is no input: `unknown`, `old` or `silent` (nothing is sent for it)."
    )
    note = serializers.CharField(help_text="Empty; `unknown` when it is skipped; else the rule that stands in.")


class MoveOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    before = Points()
    now = Points()
    difference = Points()


class MovedOut(serializers.Serializer[Any]):
    """Two days by the same version, each as known then. The differences add up to those of the scores."""

    day = serializers.DateField()
    days = serializers.IntegerField()
    engagement_before = Points(allow_null=True)
    engagement = Points(allow_null=True)
    lines = MoveOut(many=True)
    health_before = Points(allow_null=True)
    health = Points(allow_null=True)
    factors = MoveOut(many=True)


class OneMoreOut(serializers.Serializer[Any]):
    event_type = serializers.CharField(source="event_type.name")
    engagement = Points()
    health = Points(allow_null=True)


class StoredOut(serializers.Serializer[Any]):
    """The score the lists sort by, as it was stored."""

    model_version = serializers.IntegerField(source="model_id")
    as_of = serializers.DateField()
    scored_at = serializers.DateTimeField()
    engagement = Points(allow_null=True)
    health = Points(allow_null=True)
    inputs_digest = serializers.SerializerMethodField(help_text="Of everything the score was computed from.")

    def get_inputs_digest(self, score: Any) -> str:
        # psycopg gives a memoryview, and JSON has no bytes.
        return bytes(score.inputs_digest).hex()


class StakeOut(serializers.Serializer[Any]):
    """What orders customers at risk: monthly value × (100 − health)/100, doubled before a renewal. No money: see risk.

    Named as before `risk` was there, for programs that read it.
    """

    value_at_stake = serializers.DecimalField(20, 2, allow_null=True)
    currency = serializers.CharField()
    monthly_value = serializers.DecimalField(20, 2, allow_null=True, help_text="In the base currency.")
    value_is_typical = serializers.BooleanField(help_text="Its own is unknown; the portfolio's median stands in.")
    share = Points(help_text="100 − health, in per cent; unknown health counts as 0.")
    doubled = serializers.BooleanField(help_text="It renews within 90 days.")


class RiskOut(serializers.Serializer[Any]):
    """What is at risk, in the base currency a month, and what puts a customer higher among those at risk."""

    at_risk = serializers.BooleanField()
    monthly_value = serializers.DecimalField(20, 2, allow_null=True, help_text="Null: unknown, or without a rate.")
    currency = serializers.CharField(help_text="The base currency.")
    revenue_at_risk = serializers.DecimalField(
        20, 2, allow_null=True, help_text="The monthly value of a customer at risk; null when it is unknown."
    )
    renews_soon = serializers.BooleanField(help_text="It renews within 90 days, and is higher in the list for it.")
    value_is_typical = serializers.BooleanField(
        help_text="Its value is unknown: the list places it as one of the median value."
    )


class ScoreOut(serializers.Serializer[Any]):
    customer_id = serializers.IntegerField()
    as_of = serializers.DateField()
    known_on = serializers.DateField()
    model = ModelOut()
    engagement = Points(allow_null=True)
    engagement_band = serializers.ChoiceField(EngagementBand.choices, allow_null=True)
    contributions = LineOut(many=True)
    not_weighed = NotWeighedOut(many=True, help_text="Events of the window whose types the model does not know.")
    health = Points(allow_null=True)
    health_band = serializers.ChoiceField(HealthBand.choices, allow_null=True)
    coverage = Points(help_text="In per cent.")
    factors = FactorOut(many=True)
    capped = Points(help_text="What a cap takes away: with the factors and `overridden`, it adds up to health.")
    overridden = Points(allow_null=True, help_text="What a colleague’s judgement adds or takes away.")
    is_young = serializers.BooleanField(help_text="Not known for as long as the model asks for.")
    flagged = serializers.BooleanField(help_text="Some of its data are beyond what can be counted, and were cut.")
    moved = MovedOut(allow_null=True, source="change")
    one_more = OneMoreOut(
        many=True, source="next_event_effects", help_text="What one more event of each type would do."
    )
    reasons = serializers.ListField(child=serializers.CharField(), help_text="In the language you accept.")
    stored = StoredOut(allow_null=True)
    stake = StakeOut(allow_null=True)
    risk = RiskOut(allow_null=True)


class DayOut(serializers.Serializer[Any]):
    """A closed day's score as it was known at its close."""

    day = serializers.DateField()
    model_version = serializers.IntegerField(source="model_id")
    engagement = Points(allow_null=True)
    engagement_band = serializers.ChoiceField(EngagementBand.choices, allow_null=True)
    health = Points(allow_null=True)
    health_band = serializers.ChoiceField(HealthBand.choices, allow_null=True)
    coverage = Points()
    last_active_on = serializers.DateField(allow_null=True)
    inputs_digest = serializers.SerializerMethodField()

    def get_inputs_digest(self, day: Any) -> str:
        return bytes(day.inputs_digest).hex()
