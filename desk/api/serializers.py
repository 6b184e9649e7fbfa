"""How the API shows customers, contacts and segments."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from core.api.fields import NamedOut, Points, Tree
from customers.described import origins
from customers.models import Contact, Customer, FieldOrigin, Identity, IdentityKind, Kind, Snooze, Stage
from customers.models.customer import CustomerQuerySet
from records.renewals import next_renewal
from scoring.models import EngagementBand, HealthBand


class IdentityOut(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="rapport, company, user, anonymous, email, or the name of another system.")
    value = serializers.CharField()


class BriefScoreOut(serializers.Serializer[Any]):
    """What the lists show of a score. Unknown is null, never 0."""

    health = Points(allow_null=True)
    health_band = serializers.ChoiceField(HealthBand.choices, allow_null=True)
    engagement = Points(allow_null=True)
    engagement_band = serializers.ChoiceField(EngagementBand.choices, allow_null=True)
    coverage = Points(help_text="Share of weight with fresh data behind health, in per cent.")
    last_active_on = serializers.DateField(allow_null=True)
    as_of = serializers.DateField()
    at_risk = serializers.BooleanField()


@extend_schema_serializer(component_name="Rest")  # its name in the API since the first version
class SnoozeOut(serializers.Serializer[Any]):
    """A snooze on the at-risk list."""

    kind = serializers.ChoiceField(Snooze.Kind.choices)
    until = serializers.DateField(help_text="The last day of the snooze.")
    reason = serializers.CharField()
    at = serializers.DateTimeField()


class FieldOriginOut(serializers.Serializer[Any]):
    origin = serializers.ChoiceField(
        FieldOrigin.choices, help_text="server and browser: calls by a key of that kind; api: a key of the API."
    )
    at = serializers.DateTimeField()


class CustomerOut(serializers.Serializer[Customer]):
    id = serializers.IntegerField()
    company_id = serializers.CharField(allow_null=True, help_text="Your own id of the customer.")
    kind = serializers.ChoiceField(Kind.choices)
    name = serializers.CharField()
    domain = serializers.CharField()
    stage = serializers.ChoiceField(Stage.choices)
    plan = serializers.CharField()
    seats = serializers.IntegerField(allow_null=True)
    mrr = serializers.DecimalField(14, 2, allow_null=True, help_text="Monthly revenue.")
    currency = serializers.CharField()
    industry = serializers.CharField()
    country = serializers.CharField()
    owner = NamedOut(allow_null=True)
    second_owner = NamedOut(allow_null=True)
    team = NamedOut(allow_null=True)
    parent_id = serializers.IntegerField(allow_null=True)
    tags = serializers.ListField(child=serializers.CharField())
    attributes = Tree()
    field_origins = serializers.DictField(
        child=FieldOriginOut(), source="known_origins", help_text="Who set a field and when, where it is known."
    )
    churned_on = serializers.DateField(allow_null=True)
    renews_on = serializers.DateField(allow_null=True)
    created_at = serializers.DateTimeField()
    provisional = serializers.BooleanField(help_text="Made by an event; in no list until somebody names it.")
    score = BriefScoreOut(allow_null=True)
    rest = SnoozeOut(allow_null=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Say null where there is no score yet, and where a snooze is over."""
        # The reverse of a one-to-one raises where there is no row.
        if not hasattr(instance, "score"):
            instance.score = None
        snooze = getattr(instance, "snooze", None)
        instance.known_origins = origins.known(instance)
        instance.rest = snooze if snooze and snooze.until >= self.context["today"] else None
        return super().to_representation(instance)


def with_relations(customers: CustomerQuerySet, today: date) -> CustomerQuerySet:
    """Load what `CustomerOut` shows, in the same query."""
    # Merged customers have several ids: the first is shown, as in exports.
    named = Identity.objects.filter(customer=OuterRef("pk"), kind=IdentityKind.COMPANY).order_by("pk")
    return customers.select_related("score", "owner", "second_owner", "team", "snooze").annotate(
        renews_on=next_renewal(today), company_id=Subquery(named.values("value")[:1])
    )


class ContactOut(serializers.Serializer[Contact]):
    id = serializers.IntegerField()
    customer_id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()
    role = serializers.CharField()
    locale = serializers.CharField()
    traits = Tree()
    survey_opt_out = serializers.BooleanField()
    stop_scoring = serializers.BooleanField()
    joined_at = serializers.DateTimeField(source="member_since", allow_null=True)
    created_at = serializers.DateTimeField()
    identities = IdentityOut(many=True)


class SegmentOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    owner = NamedOut()
    is_shared = serializers.BooleanField()
    query = serializers.DictField(help_text="Parameters of the customer list, by name.")
    rule = Tree(allow_null=True, help_text="The conditions of `query`'s parameter `rule`, as a tree.")
    created_at = serializers.DateTimeField()


class SegmentDayOut(serializers.Serializer[Any]):
    """A closed day. On the first day under a filter nobody entered or left."""

    day = serializers.DateField()
    size = serializers.IntegerField()
    entered = serializers.IntegerField(allow_null=True)
    left = serializers.IntegerField(allow_null=True)


class SegmentDaysOut(serializers.Serializer[Any]):
    days = SegmentDayOut(many=True)
