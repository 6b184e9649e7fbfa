"""What results, comments and lists of answers can be asked."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.db import search
from core.filters import NOBODY, ClosedFilter
from staff.models import User
from surveys.models import Kind, Tally, Theme
from surveys.models.answer import AnswerQuerySet
from surveys.questionnaire.questions import GROUPS

ALL = "all"


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")  # what a browser's own field reads, in any language


class RangeFilter(ClosedFilter[Any]):
    """From one UTC day to another."""

    since = forms.DateField(label=_("From"), required=False, widget=_Day)
    until = forms.DateField(label=_("Up to"), required=False, widget=_Day)

    def clean(self) -> dict[str, Any] | None:
        said = super().clean()
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The range ends before it begins."))
        return said

    @property
    def range(self) -> tuple[date | None, date | None]:
        return self.cleaned_data.get("since"), self.cleaned_data.get("until")


class ResultsFilter(RangeFilter):
    """Which days of a survey, of which of its versions, and how the course is cut up."""

    how: ClassVar = frozenset({"per", "versions"})

    per = forms.ChoiceField(
        label=_("Course by"),
        required=False,
        choices=[("", _("What fits")), ("week", _("Week")), ("month", _("Month")), ("quarter", _("Quarter"))],
    )
    versions = forms.ChoiceField(
        label=_("Versions"), required=False, choices=[("", _("This one")), (ALL, _("All together"))]
    )

    def __init__(self, data: Mapping[str, Any], *, queryset: "QuerySet[Tally]", has_versions: bool = False) -> None:
        super().__init__(data, queryset=queryset)
        if not has_versions:
            del self.fields["versions"]

    def by_since(self, queryset: "QuerySet[Tally]", value: date) -> "QuerySet[Tally]":
        return queryset.filter(day__gte=value)

    def by_until(self, queryset: "QuerySet[Tally]", value: date) -> "QuerySet[Tally]":
        return queryset.filter(day__lte=value)


class WordsFilter(RangeFilter):
    """What was written. One query for the themes to choose from."""

    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    theme = forms.ChoiceField(label=_("Theme"), required=False)

    field_order = ["q", "theme", "group", "owner", "since", "until"]

    def __init__(self, data: Mapping[str, Any], *, queryset: AnswerQuerySet) -> None:
        super().__init__(data, queryset=queryset)
        names = Theme.objects.values_list("name", flat=True)
        self.fields["theme"].choices = [("", _("Any")), *((name, name) for name in names)]  # type: ignore[attr-defined]
        self.fields["q"].widget.input_type = "search"

    def by_q(self, queryset: AnswerQuerySet, value: str) -> AnswerQuerySet:
        return queryset.filter(search.resembles("comment", value))

    def by_theme(self, queryset: AnswerQuerySet, value: str) -> AnswerQuerySet:
        return queryset.filter(themes__contains=[value])

    def by_since(self, queryset: AnswerQuerySet, value: date) -> AnswerQuerySet:
        return between(queryset, value, None)

    def by_until(self, queryset: AnswerQuerySet, value: date) -> AnswerQuerySet:
        return between(queryset, None, value)


class ConfidentFilter(WordsFilter):
    """In confidence no range: a day with one answer would tell whose it is."""

    def __init__(self, data: Mapping[str, Any], *, queryset: AnswerQuerySet) -> None:
        super().__init__(data, queryset=queryset)
        del self.fields["since"], self.fields["until"]


class AnswersFilter(WordsFilter):
    """Which answers. Two queries for the choices: colleagues and themes."""

    group = forms.ChoiceField(label=_("Answer"), required=False)
    owner = forms.ChoiceField(label=_("Owner"), required=False)

    def __init__(self, data: Mapping[str, Any], *, queryset: AnswerQuerySet, kind: str) -> None:
        super().__init__(data, queryset=queryset)
        groups = [(group.value, group.label) for group in GROUPS[Kind(kind)]]
        self.fields["group"].choices = [("", _("Any")), *groups]  # type: ignore[attr-defined]
        self.fields["owner"].choices = owners()  # type: ignore[attr-defined]

    def by_group(self, queryset: AnswerQuerySet, value: str) -> AnswerQuerySet:
        return queryset.filter(group=value)

    def by_owner(self, queryset: AnswerQuerySet, value: str) -> AnswerQuerySet:
        return of_owner(queryset, value)


class InboxFilter(ClosedFilter[AnswerQuerySet]):
    """Whose customers' answers wait, and to which survey. One query for the colleagues' names."""

    owner = forms.ChoiceField(label=_("Owner"), required=False)
    survey = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any], *, queryset: AnswerQuerySet) -> None:
        super().__init__(data, queryset=queryset)
        self.fields["owner"].choices = owners()  # type: ignore[attr-defined]

    def by_owner(self, queryset: AnswerQuerySet, value: str) -> AnswerQuerySet:
        return of_owner(queryset, value)

    def by_survey(self, queryset: AnswerQuerySet, value: int) -> AnswerQuerySet:
        return queryset.filter(survey=value)


class PersonFilter(ClosedFilter[AnswerQuerySet]):
    """Which of a customer's people said it. `contacts`: those to choose from."""

    contact = forms.ChoiceField(label=_("Said by"), required=False)

    def __init__(self, data: Mapping[str, Any], *, queryset: AnswerQuerySet, contacts: list[tuple[str, str]]) -> None:
        super().__init__(data, queryset=queryset)
        self.fields["contact"].choices = [("", _("Everybody")), *contacts]  # type: ignore[attr-defined]

    def by_contact(self, queryset: AnswerQuerySet, value: str) -> AnswerQuerySet:
        return queryset.filter(contact=int(value))


def between(queryset: AnswerQuerySet, since: date | None, until: date | None) -> AnswerQuerySet:
    """Keep what was said from one UTC day to another."""
    if since is not None:
        queryset = queryset.filter(answered_at__gte=datetime.combine(since, time.min, UTC))
    if until is not None:
        queryset = queryset.filter(answered_at__lt=datetime.combine(until, time.min, UTC) + timedelta(days=1))
    return queryset


def owners() -> list[tuple[str, Any]]:
    names = User.objects.order_by("name", "pk").values_list("pk", "name")
    return [("", _("Everybody’s")), *((str(pk), name) for pk, name in names), (NOBODY, _("Nobody’s"))]


def of_owner(queryset: AnswerQuerySet, value: str) -> AnswerQuerySet:
    """Keep the answers of whom a colleague looks after, as first or second owner."""
    if value == NOBODY:
        return queryset.filter(customer__owner=None)
    return queryset.filter(Q(customer__owner=value) | Q(customer__second_owner=value))
