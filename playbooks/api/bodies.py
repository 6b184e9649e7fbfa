"""What the API takes and shows of a task."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from core.api.fields import Body, Id, Name, Text
from customers.models import Contact
from playbooks.models import Task, TaskKind, TaskOrigin, TaskState
from staff.models import User


class TaskOut(serializers.Serializer[Task]):
    id = serializers.UUIDField()
    customer_id = serializers.IntegerField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(TaskKind.choices)
    contact_id = serializers.IntegerField(allow_null=True)
    assignee_id = serializers.IntegerField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    origin = serializers.ChoiceField(TaskOrigin.choices)
    checklist_id = serializers.UUIDField(source="checklist", allow_null=True)
    position = serializers.IntegerField(allow_null=True, help_text="In its checklist, from 1.")
    state = serializers.ChoiceField(TaskState.choices)
    outcome = serializers.CharField(allow_blank=True)
    closed_at = serializers.DateTimeField(allow_null=True, help_text="When it was done or cancelled.")
    closed_by_id = serializers.IntegerField(allow_null=True, help_text="Null beside a time: a company's key.")
    created_at = serializers.DateTimeField()
    created_by_id = serializers.IntegerField(allow_null=True)


class TaskBody(Body):
    """What is not named stays as it is."""

    title = Name(max_length=300, required=False)
    kind = serializers.ChoiceField(TaskKind.choices, required=False)
    contact_id = Id(allow_null=True, required=False)
    assignee_id = Id(allow_null=True, required=False)
    due_on = serializers.DateField(allow_null=True, required=False)

    def validate_contact_id(self, value: int | None) -> int | None:
        if value is not None and not Contact.objects.visible_to(self.context["user"]).filter(pk=value).exists():
            raise ValidationError(_("There is no such contact here."))
        return value

    def validate_assignee_id(self, value: int | None) -> int | None:
        if value is not None and not User.objects.filter(pk=value, is_active=True).exists():
            raise ValidationError(_("There is no such colleague."))
        return value


class NewTaskBody(TaskBody):
    customer_id = Id()
    title = Name(max_length=300)


class ClosingBody(Body):
    outcome = Text(max_length=2_000, allow_blank=True, required=False)


def people_of(data: dict[str, Any]) -> dict[str, Any]:
    """Return a new task's fields with people in place of their ids, for `lifecycle.add`. Two queries at most."""
    fields = dict(data)
    contact, assignee = fields.pop("contact_id", None), fields.pop("assignee_id", None)
    fields["contact"] = Contact.objects.get(pk=contact) if contact else None
    fields["assignee"] = User.objects.get(pk=assignee) if assignee else None
    return fields
