"""Conditions of segments on scores: bands, numbers, changes, and the inputs of health.

Now they ask the current score; on a closed day the history of that day, with changes within one version.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, IsNull, LessThanOrEqual
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import InputLog
from customers.segments.conditions import Asked, Condition, Moment
from scoring.models import Compared, CurrentScore, EngagementBand, FactorKind, HealthBand, ScoreHistory

AT_LEAST, AT_MOST, UNKNOWN = "at_least", "at_most", "unknown"
HOW = [
    (AT_LEAST, gettext_lazy("is at least")),
    (AT_MOST, gettext_lazy("is at most")),
    (UNKNOWN, gettext_lazy("is unknown")),
]
HEALTH, ENGAGEMENT, COVERAGE, VALUE = "health", "engagement", "coverage", "monthly_value"
MEASURES = [
    (HEALTH, gettext_lazy("Health")),
    (ENGAGEMENT, gettext_lazy("Engagement")),
    (COVERAGE, gettext_lazy("Coverage of health in per cent")),
    (VALUE, gettext_lazy("Monthly value in the base currency")),
]
FARTHEST = Decimal(10**9)
OLDEST = 365  # days: an older input counts as unknown, as factors have it at most


def scored(moment: Moment) -> QuerySet[Any]:
    """Return the scores that stand for a customer of the outer query: the current ones, or those of a closed day."""
    if moment.known_on is None:
        return CurrentScore.objects.filter(customer=OuterRef("pk"))
    return ScoreHistory.objects.filter(customer=OuterRef("pk"), day=moment.known_on)


class _Compared(Condition):
    """A number that is at least or at most so much, or unknown."""

    uses_scores = True

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        if data.get("how") == UNKNOWN:
            data["value"] = None
        else:
            self.needs("value", data)
        return data

    def compared(self, scores: QuerySet[Any], name: str, factor: int) -> Asked:
        """Compare a column of the scores with the value, of which one is so many of the column's."""
        how = self.cleaned_data["how"]
        if how == UNKNOWN:
            return ~Exists(scores.exclude(**{name: None}))
        value = self.cleaned_data["value"] * factor
        return Exists(scores.filter(**{f"{name}__{'gte' if how == AT_LEAST else 'lte'}": value}))

    def comparison(self, what: str) -> str:
        words = {"what": what, "value": self.cleaned_data["value"]}
        return _SENTENCES[self.cleaned_data["how"]] % words


def _value() -> forms.DecimalField:
    return forms.DecimalField(
        label=gettext_lazy("Value"), min_value=-FARTHEST, max_value=FARTHEST, decimal_places=2, required=False
    )


class ScoreCondition(_Compared):
    kind = "score"
    label = gettext_lazy("Score or value")

    measure = forms.ChoiceField(label=gettext_lazy("What"), choices=MEASURES)
    how = forms.ChoiceField(label=gettext_lazy("How"), choices=HOW)
    value = _value()

    def expression(self, moment: Moment) -> Asked:
        measure = self.cleaned_data["measure"]
        if measure == VALUE:  # is in no history: what then stands
            return self.compared(scored(Moment(moment.today)), measure, 1)
        return self.compared(scored(moment), measure, 100)

    def sentence(self) -> str:
        return self.comparison(self.chosen("measure"))


class BandCondition(Condition):
    kind = "band"
    label = gettext_lazy("Band")
    uses_scores = True

    band = forms.ChoiceField(
        label=gettext_lazy("is"),
        choices=[
            (gettext_lazy("Health"), [(f"health:{value}", label) for value, label in HealthBand.choices]),
            (gettext_lazy("Engagement"), [(f"engagement:{value}", label) for value, label in EngagementBand.choices]),
        ],
    )

    def expression(self, moment: Moment) -> Asked:
        of, band = self.cleaned_data["band"].split(":")
        return Exists(scored(moment).filter(**{f"{of}_band": band}))

    def sentence(self) -> str:
        of, band = self.cleaned_data["band"].split(":")
        if of == HEALTH:
            return _("health is %(band)s") % {"band": HealthBand(band).label}
        return _("engagement is %(band)s") % {"band": EngagementBand(band).label}


class ChangeCondition(_Compared):
    """How much health or engagement changed in 7 or 30 days, within one version; a fall is below zero."""

    kind = "score_change"
    label = gettext_lazy("Change of a score")

    measure = forms.ChoiceField(label=gettext_lazy("What"), choices=MEASURES[:2])
    days = forms.TypedChoiceField(
        label=gettext_lazy("In days"), choices=[(7, "7"), (30, "30")], coerce=int, empty_value=None
    )
    how = forms.ChoiceField(label=gettext_lazy("How"), choices=HOW)
    value = _value()

    def expression(self, moment: Moment) -> Asked:
        measure, days = self.cleaned_data["measure"], self.cleaned_data["days"]
        if moment.known_on is None:
            return self.compared(scored(moment), f"{measure}_change_{days}", 100)
        before = moment.known_on - timedelta(days=days)
        scores = scored(moment).annotate(change=F(measure) - _before(measure, before))
        return self.compared(scores, "change", 100)

    def sentence(self) -> str:
        words = {"what": self.chosen("measure"), "days": self.cleaned_data["days"]}
        return self.comparison(_("change of %(what)s in %(days)s days") % words)


def _before(measure: str, day: date) -> Coalesce:
    """Return a number of an earlier day by the version of the row at hand, as `scoring.runs.compared` has it."""
    keys = {"customer": OuterRef("customer"), "day": day, "model": OuterRef("model")}
    history = ScoreHistory.objects.filter(**keys).values(measure)
    return Coalesce(Subquery(history), Subquery(Compared.objects.filter(**keys).values(measure)))


# name in the log of inputs → its words; those that factors read as they are
INPUTS = {
    "pulse": FactorKind.PULSE,
    "nps": FactorKind.NPS,
    "csat": FactorKind.CSAT,
    "effort": FactorKind.EFFORT,
    "open_tickets": FactorKind.OPEN_TICKETS,
    "first_response_wait": FactorKind.FIRST_RESPONSE,
    "overdue": FactorKind.OVERDUE,
}


class FactorCondition(_Compared):
    """What a factor of health reads, in its own unit, as it was last logged within a year."""

    kind = "factor"
    label = gettext_lazy("Health factor")

    factor = forms.ChoiceField(
        label=gettext_lazy("What"), choices=[(name, kind.label) for name, kind in INPUTS.items()]
    )
    how = forms.ChoiceField(label=gettext_lazy("How"), choices=HOW)
    value = _value()

    def expression(self, moment: Moment) -> Asked:
        rows = InputLog.objects.filter(
            customer=OuterRef("pk"),
            name=self.cleaned_data["factor"],
            known_on__range=(moment.today - timedelta(days=OLDEST), moment.today),
        )
        last = Subquery(rows.order_by("-known_on").values("number")[:1])
        how = self.cleaned_data["how"]
        if how == UNKNOWN:
            return Q(IsNull(last, True))
        wanted = int(self.cleaned_data["value"] * 1000)
        return Q(GreaterThanOrEqual(last, wanted) if how == AT_LEAST else LessThanOrEqual(last, wanted))

    def sentence(self) -> str:
        return self.comparison(self.chosen("factor"))


_SENTENCES = {
    AT_LEAST: gettext_lazy("%(what)s is at least %(value)s"),
    AT_MOST: gettext_lazy("%(what)s is at most %(value)s"),
    UNKNOWN: gettext_lazy("%(what)s is unknown"),
}
CONDITIONS = (ScoreCondition, BandCondition, ChangeCondition, FactorCondition)
