"""What is asked of a back-test: an outcome, a horizon, past days, how many can be called, limits on signs."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.days import ONE_DAY, business_day
from core.templatetags.show import long_day
from core.web.forms import DayField, EntryForm
from events import catalogue
from scoring.backtest import lifecycle
from scoring.backtest.outcomes import Kind, Outcome
from scoring.models import BackTest, ScoringModel
from scoring.models.scoring_model import MAX_WINDOW, Weight
from staff.models import User

LIMITS = [
    ("0", gettext_lazy("Either way")),
    ("1", gettext_lazy("Not below 0: a good sign")),
    ("-1", gettext_lazy("Not above 0: a bad sign")),
]


class BackTestForm(EntryForm):
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome to predict"), choices=BackTest.Outcome.choices)
    horizon = forms.IntegerField(
        label=gettext_lazy("Within how many days"), min_value=1, max_value=MAX_WINDOW, initial=90
    )
    quiet_days = forms.IntegerField(
        label=gettext_lazy("Without activity for how many days"),
        min_value=1,
        max_value=MAX_WINDOW,
        required=False,
        help_text=gettext_lazy(
            "For “No activity”: the last days of the horizon, in which nothing happens. Empty: all of it."
        ),
    )
    least_fall = forms.IntegerField(
        label=gettext_lazy("Revenue lower by at least, in %"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=gettext_lazy(
            "For “Monthly revenue fell”. Empty: by any amount. Churned customers count as a decrease."
        ),
    )
    last_on = DayField(
        label=gettext_lazy("Latest test date"),
        help_text=gettext_lazy("Dates whose horizon is not over yet are left out; the report says how many."),
    )
    number = forms.IntegerField(label=gettext_lazy("Number of test dates"), min_value=1, max_value=lifecycle.MOST_DAYS)
    every = forms.IntegerField(
        label=gettext_lazy("Days between test dates"),
        min_value=1,
        max_value=MAX_WINDOW,
        initial=lifecycle.USUAL_STEP,
    )
    least_days = forms.IntegerField(
        label=gettext_lazy("Only customers followed for at least, in days"),
        min_value=0,
        max_value=MAX_WINDOW,
        required=False,
        help_text=gettext_lazy("Leaves out customers too recent to have left. Empty: none."),
    )
    judged = forms.ChoiceField(label=gettext_lazy("Score to evaluate"), choices=BackTest.Judged.choices)
    calls = forms.IntegerField(
        label=gettext_lazy("Customers the team can call on each test date"),
        min_value=1,
        max_value=100_000,
        initial=20,
    )

    def __init__(self, data: Any = None, *, model: ScoringModel, now: datetime, by: User) -> None:
        self._model, self._now, self._by = model, now, by
        super().__init__(data)
        usual = lifecycle.usual_days(model, self.fields["horizon"].initial, business_day(now))
        self.fields["last_on"].initial = usual[-1] if usual else business_day(now) - timedelta(days=91)
        self.fields["number"].initial = max(1, len(usual))
        for weight in self._weights:
            self.fields[f"limit-{weight.event_type_id}"] = forms.ChoiceField(
                label=catalogue.label(weight.event_type.name),
                choices=LIMITS,
                initial="0",
                required=False,
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    @cached_property
    def _weights(self) -> list[Weight]:
        return list(self._model.weights.select_related("event_type"))

    @property
    def limits(self) -> Iterator[BoundField]:
        return (self[f"limit-{weight.event_type_id}"] for weight in self._weights)

    def clean_last_on(self) -> date:
        last: date = self.cleaned_data["last_on"]
        yesterday = business_day(self._now) - ONE_DAY
        if last > yesterday:
            raise forms.ValidationError(_("Choose a day up to %(day)s.") % {"day": long_day(yesterday)})
        # A window reaches up to two years back, and must begin on a day that exists.
        if last.year < 2000:
            raise forms.ValidationError(_("Choose a day of this century."))
        return last

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        quiet, horizon = cleaned.get("quiet_days"), cleaned.get("horizon")
        if cleaned.get("outcome") == Kind.QUIET and quiet and horizon and quiet > horizon:
            self.add_error("quiet_days", _("The horizon is shorter than that."))
        return cleaned

    def start(self) -> BackTest:
        values = self.cleaned_data
        kind = Kind(values["outcome"])
        outcome = Outcome(
            kind,
            values["horizon"],
            # 0 for other outcomes: the database refuses days that mean nothing (`BackTest.Meta`).
            (values["quiet_days"] or values["horizon"]) if kind == Kind.QUIET else 0,
            (values["least_fall"] or 0) if kind == Kind.REVENUE_FELL else 0,
        )
        return lifecycle.start(
            self._model,
            outcome,
            [values["last_on"] - timedelta(days=values["every"] * i) for i in range(values["number"])],
            judged=values["judged"],
            calls=values["calls"],
            least_days=values["least_days"] or 0,
            signs={weight.event_type_id: int(values[f"limit-{weight.event_type_id}"] or 0) for weight in self._weights},
            now=self._now,
            by=self._by,
        )
