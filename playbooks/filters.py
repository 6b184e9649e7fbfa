"""Which tasks a page or a program asks for."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter

from core.filters import UNASSIGNED, ClosedFilter, IntegerFilter
from core.pagination import Column, Keyset
from playbooks.models import TaskKind, TaskQuerySet, TaskState
from staff.models import Role, User

ME, TEAM, ANYBODY, ANY = "me", "team", "anybody", "any"
WEEK = timedelta(days=7)
SOONEST = Keyset(
    (Column("due_on", nullable=True), Column("position", nullable=True), Column("created_at"), Column("id"))
)
CLOSED_LAST = Keyset((Column("closed_at", descending=True, nullable=True), Column("id")))


class TaskFilter(ClosedFilter[TaskQuerySet]):
    """By who is to do it, state, day, kind, customer and words. One query for the colleagues' names.

    `user`: who asks; a company's key has no tasks of its own. `today`: the company's day.
    """

    q = CharFilter(label=_("Words"), method="filter_q", max_length=200)
    assignee = ChoiceFilter(label=_("Assigned to"), method="filter_assignee", empty_label=None)
    state = ChoiceFilter(
        label=_("State"), method="filter_state", choices=[*TaskState.choices, (ANY, _("Any"))], empty_label=None
    )
    due = ChoiceFilter(
        label=_("Due"),
        method="filter_due",
        choices=[
            ("overdue", _("Overdue")),
            ("today", _("Today")),
            ("week", _("In the next 7 days")),
            ("later", _("Later")),
            ("none", _("No day")),
        ],
        empty_label=_("Any day"),
    )
    kind = ChoiceFilter(label=_("Kind"), choices=TaskKind.choices, empty_label=_("Any"))
    customer = IntegerFilter(label="", min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)

    field_order: ClassVar = ["q", "assignee", "state", "due", "kind", "customer"]

    def __init__(self, data: Mapping[str, Any], *, queryset: TaskQuerySet, user: User, today: date) -> None:
        super().__init__(data, queryset=queryset)
        self._user, self._today = user, today
        able = User.objects.filter(is_active=True).exclude(role=Role.VIEWER).order_by("name", "pk")
        self.filters["assignee"].extra["choices"] = [
            (ME, _("Me")),
            (TEAM, _("My teams")),
            (ANYBODY, _("Anybody")),
            (UNASSIGNED, _("Nobody yet")),
            *((str(pk), name) for pk, name in able.values_list("pk", "name")),
        ]
        self.filters["q"].extra["widget"] = forms.TextInput(attrs={"type": "search"})

    @property
    def order(self) -> Keyset:
        """Closed tasks alone are read like a diary, the last first; all others by when they are due."""
        data: Any = self.data
        return CLOSED_LAST if data.get("state") in (TaskState.DONE, TaskState.CANCELLED) else SOONEST

    def filter_q(self, queryset: TaskQuerySet, name: str, value: str) -> TaskQuerySet:
        return queryset.filter(title__icontains=value)

    def filter_assignee(self, queryset: TaskQuerySet, name: str, value: str) -> TaskQuerySet:
        if value == ANYBODY:
            return queryset
        if value == UNASSIGNED:
            return queryset.filter(assignee=None)
        if value in (ME, TEAM) and self._user.pk is None:
            return queryset.none()
        if value == ME:
            return queryset.assigned_to(self._user)
        if value == TEAM:
            mates = User.objects.filter(teams__in=self._user.teams.values("pk")).values("pk")
            return queryset.filter(Q(assignee=self._user) | Q(assignee__in=mates))
        return queryset.filter(assignee=int(value))

    def filter_state(self, queryset: TaskQuerySet, name: str, value: str) -> TaskQuerySet:
        return queryset if value == ANY else queryset.filter(state=value)

    def filter_due(self, queryset: TaskQuerySet, name: str, value: str) -> TaskQuerySet:
        today = self._today
        days = {
            "overdue": Q(due_on__lt=today),
            "today": Q(due_on=today),
            "week": Q(due_on__gte=today, due_on__lt=today + WEEK),
            "later": Q(due_on__gte=today + WEEK),
            "none": Q(due_on=None),
        }
        return queryset.filter(days[value])
