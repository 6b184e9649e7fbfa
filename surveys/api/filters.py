"""Which surveys, invitations and answers a list shows."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.api.fields import BIGGEST
from core.filters import ClosedFilter
from surveys.filters import WordsFilter, of_owner, owners
from surveys.models import Dropped, Group, Invitation, Kind, State, Status, Survey
from surveys.models.answer import AnswerQuerySet

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


class AnswerFilter(WordsFilter):
    """Which answers, by the page's words, theme and days, and more. Two queries for the choices."""

    contact = forms.IntegerField(label=_("Contact"), required=False, min_value=1, max_value=BIGGEST)
    customer = forms.IntegerField(label=_("Customer"), required=False, min_value=1, max_value=BIGGEST)
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    group = forms.ChoiceField(label=_("Group"), required=False, choices=[*ANY, *Group.choices])
    waiting = forms.BooleanField(label=_("Waiting for somebody to close the loop"), required=False)

    def __init__(self, data: Mapping[str, Any], *, queryset: AnswerQuerySet) -> None:
        super().__init__(data, queryset=queryset)
        self.fields["owner"].choices = owners()  # type: ignore[attr-defined]

    def by_contact(self, queryset: AnswerQuerySet, value: int) -> AnswerQuerySet:
        return queryset.filter(contact=value)

    def by_customer(self, queryset: AnswerQuerySet, value: int) -> AnswerQuerySet:
        return queryset.filter(customer=value)

    def by_owner(self, queryset: AnswerQuerySet, value: str) -> AnswerQuerySet:
        return of_owner(queryset, value)

    def by_group(self, queryset: AnswerQuerySet, value: str) -> AnswerQuerySet:
        return queryset.filter(group=value)

    def by_waiting(self, queryset: AnswerQuerySet, value: bool) -> AnswerQuerySet:
        return queryset.waiting_for_care() if value else queryset
