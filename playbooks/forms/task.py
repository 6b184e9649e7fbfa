"""A task as a form: made, changed, planned, finished."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.days import ONE_DAY
from core.web.concurrent_edit import MeanwhileForm
from core.web.forms import DayField, EntryForm, NameField
from customers.models import Contact
from playbooks.models import Task, TaskKind
from staff.models import User
from staff.owners import owner_choices


class AssigneeField(forms.ChoiceField):
    """A colleague who acts, or nobody yet; the value is an id or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=gettext_lazy("Assigned to"), required=False, **kwargs)

    def offer(self, current: User | None) -> None:
        """Read who can be chosen. One query."""
        self.choices = [("", _("Nobody yet")), *owner_choices(current)[1:]]

    def clean(self, value: Any) -> int | None:
        chosen = super().clean(value)
        return int(chosen) if chosen else None


class PlanForm(MeanwhileForm):
    """When a task is due, and who does it."""

    due_on = DayField(label=gettext_lazy("Due"), required=False)
    assignee_id = AssigneeField()

    def __init__(self, *args: Any, task: Task | None = None, current: User | None = None, **kwargs: Any) -> None:
        if task is not None:
            kwargs["initial"] = self.shown(task)
        super().__init__(*args, **kwargs)
        self.fields["assignee_id"].offer(task.assignee if task else current)  # type: ignore[attr-defined]

    def shown(self, task: Task) -> dict[str, Any]:
        return {name: getattr(task, name) for name in self.base_fields}


class TaskForm(PlanForm):
    title = NameField(label=gettext_lazy("What"), max_length=300)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=TaskKind.choices, initial=TaskKind.OTHER)
    contact_id = forms.ChoiceField(label=gettext_lazy("With"), required=False)

    field_order = ("title", "kind", "contact_id", "due_on", "assignee_id")

    def __init__(self, *args: Any, contacts: Sequence[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(contact.pk), str(contact)) for contact in contacts]
        self.fields["contact_id"].choices = [("", _("No contact")), *people]  # type: ignore[attr-defined]
        self.fields["title"].widget.attrs["autofocus"] = True

    def clean_contact_id(self) -> int | None:
        chosen = self.cleaned_data["contact_id"]
        return int(chosen) if chosen else None

    def people(self) -> dict[str, Any]:
        """Return the fields with people in place of their ids, for `lifecycle.add`. Two queries at most."""
        data = dict(self.cleaned_data)
        contact, assignee = data.pop("contact_id"), data.pop("assignee_id")
        data["contact"] = Contact.objects.get(pk=contact) if contact else None
        data["assignee"] = User.objects.get(pk=assignee) if assignee else None
        return data


class FinishForm(EntryForm):
    outcome = forms.CharField(
        label=gettext_lazy("Outcome"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}),
    )


def presets(today: date) -> list[tuple[date, str]]:
    """Return the days one puts a task off to, in words."""
    return [
        (today + ONE_DAY, _("Tomorrow")),
        (today + timedelta(days=3), _("In 3 days")),
        (today + timedelta(days=7), _("In a week")),
    ]
