"""Filters of results, comments and lists of answers."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter

from core import days
from core.db import search
from core.filters import UNASSIGNED, ClosedFilter, ClosedForm, IntegerFilter
from staff.models import User
from surveys import kinds
from surveys.models import Survey, Tally, Theme
from surveys.models.answer import AnswerQuerySet

ALL = "all"


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")  # what a browser's own field reads, in any language


class RangeForm(ClosedForm):
    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The range ends before it begins."))
        return data


class RangeFilter(ClosedFilter[Any]):
    """From one day to another."""

    since = DateFilter("day", "gte", label=_("From"), widget=_Day)
    until = DateFilter("day", "lte", label=_("Up to"), widget=_Day)

    class Meta:
        form = RangeForm

    @property
    def range(self) -> tuple[date | None, date | None]:
        return self.cleaned_data.get("since"), self.cleaned_data.get("until")


class ResultsFilter(RangeFilter):
    """Which days of a survey, of which of its versions, and how the course is cut up.

    `chain`: the survey's versions. All versions together leave out those that are confidential.
    """

    listing: ClassVar = frozenset({"per", "versions"})

    per = ChoiceFilter(
        label=_("Trend by"),
        choices=[("week", _("Week")), ("month", _("Month")), ("quarter", _("Quarter"))],
        empty_label=_("Automatic"),
    )
    versions = ChoiceFilter(label=_("Versions"), choices=[(ALL, _("All versions"))], empty_label=_("This version"))

    def __init__(
        self, data: Mapping[str, Any], *, queryset: "QuerySet[Tally]", survey: Survey, chain: Sequence[Survey]
    ) -> None:
        # Added to the others, a confidential version's few answers could be found by subtraction.
        named = [version.pk for version in chain if not version.is_confidential]
        has_versions = not survey.is_confidential and len(named) > 1
        counted = named if has_versions and data.get("versions") == ALL else [survey.pk]
        super().__init__(data, queryset=queryset.filter(survey__in=counted))
        if not has_versions:
            del self.filters["versions"]


class WordsFilter(RangeFilter):
    """What was written. One query for the themes to choose from."""

    q = CharFilter(label=_("Words"), method="filter_q", max_length=200)
    theme = ChoiceFilter(label=_("Theme"), method="filter_theme", empty_label=_("Any"))
    since = DateFilter(label=_("From"), method="filter_since", widget=_Day)
    until = DateFilter(label=_("Up to"), method="filter_until", widget=_Day)

    field_order: ClassVar = ["q", "theme", "group", "owner", "since", "until"]

    def __init__(self, data: Mapping[str, Any], *, queryset: AnswerQuerySet) -> None:
        super().__init__(data, queryset=queryset)
        names = Theme.objects.values_list("name", flat=True)
        # Rows, read once here: a callable would be asked by each validation and each rendering (decision 16).
        self.filters["theme"].extra["choices"] = [(name, name) for name in names]
        self.filters["q"].extra["widget"] = forms.TextInput(attrs={"type": "search"})

    def filter_q(self, queryset: AnswerQuerySet, name: str, value: str) -> AnswerQuerySet:
        return search.matching(queryset, value) if value else queryset

    def filter_theme(self, queryset: AnswerQuerySet, name: str, value: str) -> AnswerQuerySet:
        return queryset.filter(themes__contains=[value])

    def filter_since(self, queryset: AnswerQuerySet, name: str, value: date) -> AnswerQuerySet:
        return between(queryset, value, None)

    def filter_until(self, queryset: AnswerQuerySet, name: str, value: date) -> AnswerQuerySet:
        return between(queryset, None, value)


class ConfidentialFilter(WordsFilter):
    """Without a range, for confidential surveys: the answer of a day with only one could be attributed."""

    def __init__(self, data: Mapping[str, Any], *, queryset: AnswerQuerySet) -> None:
        super().__init__(data, queryset=queryset)
        del self.filters["since"], self.filters["until"]


class OwnerFilter(ClosedFilter[AnswerQuerySet]):
    """By the owner or second owner of the customer. One query for the colleagues' names."""

    owner = ChoiceFilter(label=_("Owner"), method="filter_owner", empty_label=_("All owners"))

    def __init__(self, data: Mapping[str, Any], *, queryset: AnswerQuerySet) -> None:
        super().__init__(data, queryset=queryset)
        names = User.objects.order_by("name", "pk").values_list("pk", "name")
        self.filters["owner"].extra["choices"] = [
            *((str(pk), name) for pk, name in names),
            (UNASSIGNED, _("No owner")),
        ]

    def filter_owner(self, queryset: AnswerQuerySet, name: str, value: str) -> AnswerQuerySet:
        if value == UNASSIGNED:
            return queryset.filter(customer__owner=None)
        return queryset.filter(Q(customer__owner=value) | Q(customer__second_owner=value))


class AnswersFilter(OwnerFilter, WordsFilter):
    """Which answers. Two queries for the choices: colleagues and themes."""

    group = ChoiceFilter(label=_("Answer"), empty_label=_("Any"))

    class Meta:
        form = RangeForm

    def __init__(self, data: Mapping[str, Any], *, queryset: AnswerQuerySet, kind: str) -> None:
        super().__init__(data, queryset=queryset)
        self.filters["group"].extra["choices"] = [(group.name, group.label) for group in kinds.get(kind).groups]


class InboxFilter(OwnerFilter):
    """Answers to follow up, by owner and survey."""

    survey = IntegerFilter(label="", min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)


class PersonFilter(ClosedFilter[AnswerQuerySet]):
    """Which contact of a customer gave the answer. `contacts`: those to choose from."""

    contact = ChoiceFilter(label=_("Contact"), empty_label=_("All contacts"))

    def __init__(self, data: Mapping[str, Any], *, queryset: AnswerQuerySet, contacts: list[tuple[str, str]]) -> None:
        super().__init__(data, queryset=queryset)
        self.filters["contact"].extra["choices"] = contacts


def between(queryset: AnswerQuerySet, since: date | None, until: date | None) -> AnswerQuerySet:
    """Keep the answers from one day to another; None leaves that end open."""
    # Instants, not `answered_at__date`, which no index of answers serves.
    return queryset.filter(days.within("answered_at", since, until))
