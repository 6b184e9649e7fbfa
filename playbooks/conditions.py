"""The condition of segments on open tasks: of which kind, whose, due when. It asks how tasks stand now.

How tasks stood on a day that is closed is not kept, so a close asks how they stand in its moment.
"""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.filters import UNASSIGNED
from customers.segments.conditions import Asked, Condition, Moment, days_field
from playbooks.models import Task, TaskKind
from staff.models import User

HAS = [("yes", gettext_lazy("has an open task")), ("no", gettext_lazy("has no open task"))]
OVERDUE, DUE_WITHIN, NO_DAY = "overdue", "within", "none"
DUE = [
    (OVERDUE, gettext_lazy("overdue")),
    (DUE_WITHIN, gettext_lazy("due in the next days, or overdue")),
    (NO_DAY, gettext_lazy("without a day")),
]


class TaskCondition(Condition):
    """Has an open task, or none, that is all that is asked: each of the last three only where it is chosen."""

    kind = "task"
    label = gettext_lazy("Task")
    uses_scores = True  # a task done is an event, which engagement is made of

    has = forms.ChoiceField(label=gettext_lazy("Customer"), choices=HAS)
    due = forms.ChoiceField(label=gettext_lazy("Due"), choices=[("", gettext_lazy("Any day")), *DUE], required=False)
    days = days_field(required=False)
    assignee = forms.ChoiceField(label=gettext_lazy("Assigned to"), required=False)
    task_kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[("", gettext_lazy("Any")), *TaskKind.choices], required=False
    )

    def load_choices(self) -> None:
        choices = [("", _("Anybody")), (UNASSIGNED, _("Nobody yet")), *self._colleagues.items()]
        self.fields["assignee"].choices = choices  # type: ignore[attr-defined]

    @property
    def _colleagues(self) -> dict[str, str]:
        return self.lookups.once("colleagues", _colleagues)

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        if data.get("due") == DUE_WITHIN:
            self.needs("days", data)
        else:
            data["days"] = None
        return data

    def expression(self, moment: Moment) -> Asked:
        data = self.cleaned_data
        tasks = Task.objects.open().filter(self._due(moment), customer=OuterRef("pk"))
        if data["task_kind"]:
            tasks = tasks.filter(kind=data["task_kind"])
        if data["assignee"]:
            tasks = tasks.filter(assignee=None if data["assignee"] == UNASSIGNED else int(data["assignee"]))
        return Exists(tasks) if data["has"] == "yes" else ~Exists(tasks)

    def _due(self, moment: Moment) -> Q:
        due, days = self.cleaned_data["due"], self.cleaned_data["days"]
        if due == OVERDUE:
            return Q(due_on__lt=moment.today)
        if due == DUE_WITHIN:
            return Q(due_on__lte=moment.today + timedelta(days=days))
        return Q(due_on=None) if due == NO_DAY else Q()

    def sentence(self) -> str:
        data = self.cleaned_data
        kind, due = (self.chosen(name) if data[name] else "" for name in ("task_kind", "due"))
        if data["due"] == DUE_WITHIN:
            due = _("due in the next %(days)s days, or overdue") % {"days": data["days"]}
        whose = _("assigned to %(who)s") % {"who": self.chosen("assignee")} if data["assignee"] else ""
        more = ", ".join(str(part) for part in (kind, due, whose) if part)
        return f"{self.chosen('has')} ({more})" if more else self.chosen("has")


def _colleagues() -> dict[str, str]:
    return {str(pk): name for pk, name in User.objects.order_by("name", "pk").values_list("pk", "name")}


CONDITIONS = (TaskCondition,)
