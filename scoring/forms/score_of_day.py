"""Which day's score is asked for, as known when, by which version: the same question on the page and in the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import DateFilter

from core.days import business_day
from core.filters import ClosedFilter, ClosedForm, IntegerFilter
from core.templatetags.show import long_day
from scoring.models import ScoringModel

FIRST_YEAR = 2000  # what a score looks back to must be a day, too


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, the day whose close says what was known, and the version; None: the one that scores now."""

    as_of: date
    known_on: date
    model: ScoringModel | None


class ScoreOfDayForm(ClosedForm):
    filterset: "ScoreOfDay"

    def clean_model(self) -> ScoringModel | None:
        pk = self.cleaned_data["model"]
        if pk is None:
            return None
        # With its parts: the explanation needs them all, and the form has to read the row anyway.
        version = ScoringModel.objects.with_parts().filter(pk=pk).first()
        if version is None:
            raise forms.ValidationError(_("There is no version %(version)s.") % {"version": pk})
        return version

    def clean(self) -> dict[str, Any] | None:
        data, today = super().clean() or {}, self.filterset.today
        as_of, known_on = data.get("as_of"), data.get("known_on")
        for name, day in (("as_of", as_of), ("known_on", known_on)):
            if day and day > today:
                self.add_error(name, _("Choose a day up to today, %(day)s.") % {"day": long_day(today)})
            if day and day.year < FIRST_YEAR:
                self.add_error(name, _("Choose a day of this century."))
        if known_on and known_on < (as_of or today):
            self.add_error("known_on", _("Choose the day itself or a later one."))
        return data


class ScoreOfDay(ClosedFilter["QuerySet[ScoringModel]"]):
    """Any day up to today, with the data known then or later, by any version.

    Empty: today, by the current version.
    """

    listing: ClassVar = frozenset({"as_of", "known_on", "model"})
    other_parameters: ClassVar = frozenset({"against"})

    as_of = DateFilter(label=gettext_lazy("As of"), input_formats=["%Y-%m-%d"])
    known_on = DateFilter(label=gettext_lazy("With data known by"), input_formats=["%Y-%m-%d"])
    model = IntegerFilter(label=gettext_lazy("Version"), min_value=1, max_value=2**62)

    class Meta:
        form = ScoreOfDayForm

    def __init__(
        self, data: Mapping[str, Any], *, queryset: "QuerySet[ScoringModel]", today: date | None = None
    ) -> None:
        super().__init__(data, queryset=queryset)
        self.today = today or business_day(timezone.now())
        for name in ("as_of", "known_on"):
            self.filters[name].extra["widget"] = forms.DateInput(
                format="%Y-%m-%d", attrs={"type": "date", "max": f"{self.today}"}
            )

    @property
    def moment(self) -> Moment:
        """The day, what was known and the version. Call `is_valid` first."""
        as_of = self.cleaned_data["as_of"] or self.today
        return Moment(as_of, self.cleaned_data["known_on"] or as_of, self.cleaned_data["model"])
