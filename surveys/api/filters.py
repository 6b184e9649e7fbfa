"""Filters of the API's lists of surveys, invitations and answers."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter

from core.api.fields import BIGGEST
from core.filters import CheckboxFilter, ClosedFilter, IntegerFilter
from surveys import kinds
from surveys.filters import OwnerFilter, RangeForm, WordsFilter
from surveys.models import Dropped, InvitationState, Survey, SurveyStatus
from surveys.models.answer import AnswerQuerySet


class SurveyFilter(ClosedFilter[QuerySet[Survey]]):
    status = ChoiceFilter(label=_("Status"), choices=SurveyStatus.choices, empty_label=_("Any"))
    kind = ChoiceFilter(label=_("Kind"), choices=kinds.choices(), empty_label=_("Any"))
    q = CharFilter("name", "icontains", label=_("Name"), max_length=100)


class ContactAndCustomerFilter(ClosedFilter[Any]):
    # A number, not a choice: an installation may have a million contacts. BIGGEST is a bigint's.
    contact = IntegerFilter(label=_("Contact"), min_value=1, max_value=BIGGEST)
    customer = IntegerFilter(label=_("Customer"), min_value=1, max_value=BIGGEST)


class InvitationFilter(ContactAndCustomerFilter):
    state = ChoiceFilter(label=_("Status"), choices=InvitationState.choices, empty_label=_("Any"))
    reason = ChoiceFilter(label=_("Why not sent"), choices=Dropped.choices, empty_label=_("Any"))


class AnswerFilter(OwnerFilter, ContactAndCustomerFilter, WordsFilter):
    """Which answers: the page's words, theme and days, and more. Two queries for the choices."""

    group = ChoiceFilter(label=_("Group"), choices=kinds.group_choices(), empty_label=_("Any"))
    waiting = CheckboxFilter(label=_("To be followed up"), method="filter_waiting")

    class Meta:
        form = RangeForm

    def filter_waiting(self, queryset: AnswerQuerySet, name: str, value: bool) -> AnswerQuerySet:
        return queryset.to_follow_up() if value else queryset
