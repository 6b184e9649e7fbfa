from datetime import date

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.filters import ClosedFilter
from scoring.models import ScoreHistory

Days = QuerySet[ScoreHistory]


class DayFilter(ClosedFilter[Days]):
    """Which closed days; the last one is included."""

    since = forms.DateField(label=_("First day"), required=False, input_formats=["%Y-%m-%d"])
    until = forms.DateField(label=_("Last day"), required=False, input_formats=["%Y-%m-%d"])

    def by_since(self, queryset: Days, value: date) -> Days:
        return queryset.filter(day__gte=value)

    def by_until(self, queryset: Days, value: date) -> Days:
        return queryset.filter(day__lte=value)
