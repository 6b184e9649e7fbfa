"""What may be written of customers and contacts, field by field, and whether it may refer to what it refers to."""

from typing import Any

from django.forms import MultipleChoiceField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from customers.attention import LONGEST
from customers.filters import CustomerFilter
from customers.models import Customer, Kind, Snooze, Stage
from engagement_site.api.fields import Body, Currency, Id, Money, Text, Tree
from staff.models import Team, User


class CustomerBody(Body):
    """What is not named stays as it is. `attributes` and `tags` are replaced as a whole."""

    name = Text(max_length=200, required=False)
    kind = serializers.ChoiceField(Kind.choices, required=False)
    domain = Text(max_length=253, allow_blank=True, required=False)
    stage = serializers.ChoiceField(Stage.choices, required=False)
    plan = Text(max_length=100, allow_blank=True, required=False)
    seats = serializers.IntegerField(min_value=0, max_value=2**31 - 1, allow_null=True, required=False)
    mrr = Money(min_value=0, allow_null=True, required=False)
    currency = Currency(required=False)
    industry = Text(max_length=100, allow_blank=True, required=False)
    country = Text(max_length=100, allow_blank=True, required=False)
    owner_id = Id(allow_null=True, required=False)
    second_owner_id = Id(allow_null=True, required=False)
    team_id = Id(allow_null=True, required=False)
    parent_id = Id(allow_null=True, required=False)
    tags = serializers.ListField(child=Text(max_length=50), max_length=50, required=False)
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
    company_id = Text(max_length=200, help_text="Your own id of the customer.")


class ContactBody(Body):
    """What is not named stays as it is; an empty text empties."""

    customer_id = Id(required=False, help_text="Where they work; needed for somebody new.")
    name = Text(max_length=200, allow_blank=True, required=False)
    role = Text(max_length=100, allow_blank=True, required=False)
    locale = Text(max_length=20, allow_blank=True, required=False)
    survey_opt_out = serializers.BooleanField(required=False)
    stop_scoring = serializers.BooleanField(required=False)

    def validate_customer_id(self, value: int) -> int:
        return _existing(value, Customer.objects.visible_to(self.context["user"])) or value


class ContactOfUserBody(ContactBody):
    email = serializers.EmailField(max_length=200, required=False)


class RestBody(Body):
    kind = serializers.ChoiceField(Snooze.Kind.choices)
    reason = Text(max_length=300, help_text="Why it may rest, or what was done.")
    until = serializers.DateField(
        required=False, help_text=f"For snoozed: the last day, within {LONGEST.days} days. Handled rests 14 days."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs["kind"] == Snooze.Kind.SNOOZED) != ("until" in attrs):
            raise ValidationError({"until": [_("A day is needed to snooze, and only then.")]})
        return attrs


class SegmentBody(Body):
    """What is not named stays as it is."""

    name = Text(max_length=100, required=False)
    is_shared = serializers.BooleanField(required=False)
    query = serializers.DictField(
        required=False, help_text="Parameters of the customer list, by name: texts, or lists of texts for several."
    )

    def validate_query(self, value: dict[str, Any]) -> dict[str, Any]:
        """Refuse what the list would: a view that finds nobody because it is misspelt is worse than none."""
        if faults := {name: [_NO_TEXT] for name, said in value.items() if not _is_text(name, said)}:
            raise ValidationError(faults)
        asked = CustomerFilter(value, queryset=Customer.objects.none())
        if not asked.is_valid():
            raise ValidationError(
                {name: [m for e in es for m in e.messages] for name, es in asked.errors.as_data().items()}
            )
        if not asked.asked:
            raise ValidationError(_("A saved view asks something."))
        return asked.asked


class NewSegmentBody(SegmentBody):
    name = Text(max_length=100)
    query = serializers.DictField(
        help_text="Parameters of the customer list, by name: texts, or lists of texts for several."
    )


_NO_TEXT = gettext_lazy("This must be a text, as in an address; a list of texts where several can be chosen.")


def _is_text(name: str, said: Any) -> bool:
    if isinstance(said, list) and isinstance(CustomerFilter.base_fields.get(name), MultipleChoiceField):
        return all(isinstance(one, str) for one in said)
    return isinstance(said, str)


def _existing(pk: int | None, rows: Any) -> int | None:
    if pk is not None and not rows.filter(pk=pk).exists():
        raise ValidationError(_("There is no such thing here, or not for you."), "does_not_exist")
    return pk
