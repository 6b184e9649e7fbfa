"""Fields of customers and contacts that may be written; what they refer to must be visible to the caller."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from core.api.fields import Body, Currency, Email, Id, Identifier, Money, Name, Text, Tree
from customers.api.segment_query import checked_query
from customers.api.wrong_ids import not_wrong
from customers.attention import LONGEST
from customers.models import Customer, Kind, Snooze, Stage
from staff.models import Team, User


class CustomerBody(Body):
    """What is not named stays as it is. `attributes` and `tags` are replaced as a whole."""

    name = Name(max_length=200, required=False)
    kind = serializers.ChoiceField(Kind.choices, required=False)
    domain = Name(max_length=253, allow_blank=True, required=False)
    stage = serializers.ChoiceField(Stage.choices, required=False)
    plan = Name(max_length=100, allow_blank=True, required=False)
    seats = serializers.IntegerField(min_value=0, max_value=2**31 - 1, allow_null=True, required=False)
    mrr = Money(min_value=0, allow_null=True, required=False)
    currency = Currency(required=False)
    industry = Name(max_length=100, allow_blank=True, required=False)
    country = Name(max_length=100, allow_blank=True, required=False)
    owner_id = Id(allow_null=True, required=False)
    second_owner_id = Id(allow_null=True, required=False)
    team_id = Id(allow_null=True, required=False)
    parent_id = Id(allow_null=True, required=False)
    tags = serializers.ListField(child=Name(max_length=50), max_length=50, required=False)
    attributes = Tree(required=False)
    churned_on = serializers.DateField(allow_null=True, required=False)

    def validate_owner_id(self, value: int | None) -> int | None:
        return _existing(value, User.objects.filter(is_active=True))

    def validate_second_owner_id(self, value: int | None) -> int | None:
        return _existing(value, User.objects.filter(is_active=True))

    def validate_team_id(self, value: int | None) -> int | None:
        return _existing(value, Team.objects.all())

    def validate_parent_id(self, value: int | None) -> int | None:
        return _existing(value, Customer.objects.visible_to(self.context["user"]))


class NewCustomerBody(CustomerBody):
    company_id = Identifier(max_length=200, help_text="Your own id of the customer.")

    def validate_company_id(self, value: str) -> str:
        return not_wrong(value)


class ContactBody(Body):
    """What is not named stays as it is; an empty text empties."""

    customer_id = Id(required=False, help_text="Where they work; needed for somebody new.")
    name = Name(max_length=200, allow_blank=True, required=False)
    role = Name(max_length=100, allow_blank=True, required=False)
    locale = Name(max_length=20, allow_blank=True, required=False)
    survey_opt_out = serializers.BooleanField(
        required=False,
        help_text="True: the person wants no surveys. Holds for their address; only they can take it back, so false is"
        " refused where it stands.",
    )
    stop_scoring = serializers.BooleanField(required=False)

    def validate_customer_id(self, value: int) -> int:
        return _existing(value, Customer.objects.visible_to(self.context["user"])) or value


class ContactOfUserBody(ContactBody):
    email = Email(required=False)


@extend_schema_serializer(component_name="Rest")  # its name in the API since the first version
class SnoozeBody(Body):
    kind = serializers.ChoiceField(Snooze.Kind.choices)
    reason = Text(max_length=300, help_text="Why it is snoozed, or what was done.")
    until = serializers.DateField(
        required=False, help_text=f"For snoozed: the last day, within {LONGEST.days} days. Handled lasts 14 days."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs["kind"] == Snooze.Kind.SNOOZED) != ("until" in attrs):
            raise ValidationError({"until": [_("A day is needed to snooze, and only then.")]})
        return attrs


class MergeBody(Body):
    into = Id(help_text="The one that stays.")
    take = serializers.ListField(
        child=Text(max_length=100),
        max_length=100,
        required=False,
        help_text="Fields whose value is taken from the one that goes; else only where the one that stays has none.",
    )


class MoveBody(Body):
    customer_id = Id(help_text="Where they work.")
    since = serializers.DateTimeField(
        required=False, help_text="Since when; what they did from then on moves along. Without it: from now on."
    )

    def validate_customer_id(self, value: int) -> int:
        return _existing(value, Customer.objects.visible_to(self.context["user"])) or value


_OF_QUERY = (
    "Parameters of the customer list, by name: texts, or lists of texts for several. `rule`: conditions, as an object."
)


class SegmentBody(Body):
    """What is not named stays as it is."""

    name = Name(max_length=100, required=False)
    is_shared = serializers.BooleanField(required=False)
    query = serializers.DictField(required=False, help_text=_OF_QUERY)

    def validate_query(self, value: dict[str, Any]) -> dict[str, Any]:
        return checked_query(value)


class NewSegmentBody(SegmentBody):
    name = Name(max_length=100)
    query = serializers.DictField(help_text=_OF_QUERY)


def _existing(pk: int | None, rows: Any) -> int | None:
    if pk is not None and not rows.filter(pk=pk).exists():
        # One text for both reasons: it must not tell whether the row exists.
        raise ValidationError(_("Not found, or you may not see it."), "does_not_exist")
    return pk
