"""What records hold, as the API shows and takes them."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from core.api.fields import Body, Currency, Id, Money, Name, Text
from customers.models import Contact
from records.models import Note, Priority, Pulse


class RecordOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    customer_id = serializers.IntegerField()
    external_id = serializers.CharField()


class ContractBody(Body):
    name = Name(max_length=200)
    starts_on = serializers.DateField()
    renews_on = serializers.DateField(allow_null=True, required=False)
    ends_on = serializers.DateField(allow_null=True, required=False)
    monthly_value = Money(min_value=0, allow_null=True, required=False)
    currency = Currency()


class ContractOut(RecordOut):
    name = serializers.CharField()
    starts_on = serializers.DateField()
    renews_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    monthly_value = serializers.DecimalField(14, 2, allow_null=True)
    currency = serializers.CharField()


class InvoiceBody(Body):
    number = Name(max_length=100)
    issued_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True, required=False)
    paid_on = serializers.DateField(allow_null=True, required=False)
    amount = Money()
    currency = Currency()
    is_void = serializers.BooleanField(required=False, help_text="Cancelled: it is neither unpaid nor overdue.")


class InvoiceOut(RecordOut):
    number = serializers.CharField()
    issued_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    paid_on = serializers.DateField(allow_null=True)
    amount = serializers.DecimalField(14, 2)
    currency = serializers.CharField()
    is_void = serializers.BooleanField()


class WithContact(Body):
    contact_id = Id(allow_null=True, required=False)

    def validate_contact_id(self, value: int | None) -> int | None:
        # Among the visible ones only: otherwise the error would say which contacts exist.
        seen = Contact.objects.visible_to(self.context["user"])
        if value is not None and not seen.filter(pk=value).exists():
            raise ValidationError(_("There is no such contact, or you may not see it."), "does_not_exist")
        return value


class TicketBody(WithContact):
    subject = Name(max_length=300)
    priority = serializers.ChoiceField(Priority.choices, required=False)
    opened_at = serializers.DateTimeField()
    first_response_at = serializers.DateTimeField(allow_null=True, required=False)
    escalated_at = serializers.DateTimeField(allow_null=True, required=False)
    solved_at = serializers.DateTimeField(allow_null=True, required=False, help_text="Null: it is open.")


class TicketOut(RecordOut):
    subject = serializers.CharField()
    priority = serializers.ChoiceField(Priority.choices)
    contact_id = serializers.IntegerField(allow_null=True)
    opened_at = serializers.DateTimeField()
    first_response_at = serializers.DateTimeField(allow_null=True)
    escalated_at = serializers.DateTimeField(allow_null=True)
    solved_at = serializers.DateTimeField(allow_null=True)


class NoteBody(WithContact):
    kind = serializers.ChoiceField(Note.Kind.choices, required=False)
    purpose = serializers.ChoiceField(
        Note.Purpose.choices, allow_blank=True, required=False, help_text="What the contact was for; empty: not said."
    )
    text = Text(max_length=20_000)
    pulse = serializers.ChoiceField(
        Pulse.choices, allow_blank=True, required=False, help_text="The author's judgement; empty leaves it as it was."
    )
    at = serializers.DateTimeField(required=False, help_text="When it happened; now, when it is not said.")


class NoteOut(RecordOut):
    kind = serializers.ChoiceField(Note.Kind.choices)
    purpose = serializers.ChoiceField(Note.Purpose.choices, allow_blank=True)
    text = serializers.CharField()
    pulse = serializers.ChoiceField(Pulse.choices, allow_blank=True)
    contact_id = serializers.IntegerField(allow_null=True)
    author_id = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()
