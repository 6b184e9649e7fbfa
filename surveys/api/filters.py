"""Which surveys, invitations and answers a list shows."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.filters import ClosedFilter
from engagement_site.api.fields import BIGGEST
from surveys.models import Answer, Dropped, Group, Invitation, Kind, State, Status, Survey

ANY = [("", _("Any"))]


class SurveyFilter(ClosedFilter[QuerySet[Survey]]):
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[*ANY, *Status.choices])
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[*ANY, *Kind.choices])
    q = forms.CharField(label=_("Name"), required=False, max_length=100)

    def by_status(self, queryset: QuerySet[Survey], value: str) -> QuerySet[Survey]:
        return queryset.filter(status=value)

    def by_kind(self, queryset: QuerySet[Survey], value: str) -> QuerySet[Survey]:
        return queryset.filter(kind=value)

    def by_q(self, queryset: QuerySet[Survey], value: str) -> QuerySet[Survey]:
        return queryset.filter(name__icontains=value)


class OfPeople(ClosedFilter[Any]):
    contact = forms.IntegerField(label=_("Contact"), required=False, min_value=1, max_value=BIGGEST)
    customer = forms.IntegerField(label=_("Customer"), required=False, min_value=1, max_value=BIGGEST)

    def by_contact(self, queryset: QuerySet[Any], value: int) -> QuerySet[Any]:
        return queryset.filter(contact=value)

    def by_customer(self, queryset: QuerySet[Any], value: int) -> QuerySet[Any]:
        return queryset.filter(customer=value)


class InvitationFilter(OfPeople):
    state = forms.ChoiceField(label=_("Status"), required=False, choices=[*ANY, *State.choices])
    reason = forms.ChoiceField(label=_("Why not sent"), required=False, choices=[*ANY, *Dropped.choices])

    def by_state(self, queryset: QuerySet[Invitation], value: str) -> QuerySet[Invitation]:
        return queryset.filter(state=value)

    def by_reason(self, queryset: QuerySet[Invitation], value: str) -> QuerySet[Invitation]:
        return queryset.filter(reason=value)


class AnswerFilter(OfPeople):
    """Which answers. Days are UTC days, the last one included."""

    since = forms.DateField(label=_("First day"), required=False, input_formats=["%Y-%m-%d"])
    until = forms.DateField(label=_("Last day"), required=False, input_formats=["%Y-%m-%d"])
    group = forms.ChoiceField(label=_("Group"), required=False, choices=[*ANY, *Group.choices])
    waiting = forms.BooleanField(label=_("Waiting for somebody to close the loop"), required=False)

    def by_since(self, queryset: QuerySet[Answer], value: date) -> QuerySet[Answer]:
        return queryset.filter(answered_at__gte=_start(value))

    def by_until(self, queryset: QuerySet[Answer], value: date) -> QuerySet[Answer]:
        return queryset if value == date.max else queryset.filter(answered_at__lt=_start(value + timedelta(days=1)))

    def by_group(self, queryset: QuerySet[Answer], value: str) -> QuerySet[Answer]:
        return queryset.filter(group=value)

    def by_waiting(self, queryset: Any, value: bool) -> QuerySet[Answer]:
        found: QuerySet[Answer] = queryset.waiting_for_care() if value else queryset
        return found


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
