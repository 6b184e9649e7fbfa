"""The condition of segments on survey answers. Confidential ones are left out."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import days
from customers.segments.conditions import Asked, Condition, Moment, days_field
from surveys import kinds
from surveys.models import Answer

ANY, NONE, AT_LEAST, AT_MOST, OPEN = "any", "none", "at_least", "at_most", "open"
HOW = [
    (ANY, gettext_lazy("there is one")),
    (NONE, gettext_lazy("there is none")),
    (AT_LEAST, gettext_lazy("one has a score of at least")),
    (AT_MOST, gettext_lazy("one has a score of at most")),
    (OPEN, gettext_lazy("one is to be followed up")),
]


class AnswerCondition(Condition):
    kind = "answer"
    label = gettext_lazy("Survey answer")
    uses_scores = True  # answers are inputs of health

    survey = forms.ChoiceField(label=gettext_lazy("Kind of survey"), choices=kinds.choices)
    how = forms.ChoiceField(label=gettext_lazy("Of the answers"), choices=HOW)
    score = forms.IntegerField(label=gettext_lazy("Score"), min_value=-100, max_value=100, required=False)
    days = days_field(required=False, label=gettext_lazy("In the last (days)"))

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        if data.get("how") not in (AT_LEAST, AT_MOST):
            data["score"] = None
        elif data.get("survey") and not kinds.get(data["survey"]).has_score:
            self.add_error("how", _("Answers of this kind have no score."))
        else:
            self.needs("score", data)
        return data

    def expression(self, moment: Moment) -> Asked:
        found = Exists(self._answers(moment))
        return ~found if self.cleaned_data["how"] == NONE else found

    def _answers(self, moment: Moment) -> QuerySet[Answer]:
        how, score = self.cleaned_data["how"], self.cleaned_data["score"]
        since = self.cleaned_data["days"]
        first = moment.today - timedelta(days=since - 1) if since else None
        answers = Answer.objects.named().filter(
            days.within("answered_at", first, moment.today), customer=OuterRef("pk"), kind=self.cleaned_data["survey"]
        )
        if how == AT_LEAST:
            return answers.filter(score__gte=score)
        if how == AT_MOST:
            return answers.filter(score__lte=score)
        return answers.filter(needs_care=True, closed_at=None) if how == OPEN else answers

    def sentence(self) -> str:
        data = self.cleaned_data
        words = {"survey": self.chosen("survey"), "score": data["score"], "days": data["days"]}
        return _SENTENCES[data["how"]] % words + (_(" in %(days)s days") % words if data["days"] else "")


_SENTENCES = {
    ANY: gettext_lazy("answered “%(survey)s”"),
    NONE: gettext_lazy("did not answer “%(survey)s”"),
    AT_LEAST: gettext_lazy("answered “%(survey)s” with at least %(score)s"),
    AT_MOST: gettext_lazy("answered “%(survey)s” with at most %(score)s"),
    OPEN: gettext_lazy("has an answer to “%(survey)s” to follow up"),
}
CONDITIONS = (AnswerCondition,)
