"""Customer satisfaction: how satisfied, from 1 to 5; the share of 4 and 5."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import intervals
from core.intervals import Estimate
from surveys.kinds import wording
from surveys.kinds.base import SCORE, Counts, Group, ScoredKind
from surveys.kinds.template import Template, TemplateQuestion
from surveys.results import statistics
from surveys.results.statistics import Change

SATISFIED = Group("satisfied", _("Satisfied"), "good")
NEUTRAL = Group("neutral", _("Neutral"), "middle")
DISSATISFIED = Group("dissatisfied", _("Dissatisfied"), "bad")


class Csat(ScoredKind):
    name = "csat"
    label = _("Satisfaction (CSAT)")
    scale = scores = (1, 5)
    groups = (SATISFIED, NEUTRAL, DISSATISFIED)
    good_from, bad_up_to = 4, 2
    range = (0, 1)
    levels = (0, 0.25, 0.5, 0.75, 1)
    unit = _("of the answers are satisfied")
    feeds_health = True
    template = Template(
        "csat", _("Satisfaction after a ticket (CSAT)"), "csat",
        _("Whether one contact with support went well. Ask a day after a ticket is solved."),
        _("How did we do?"), _("How did we do?"), _("You asked our support for help. Tell us how it went."),
        (
            TemplateQuestion(
                SCORE, _("How satisfied are you with the help you received?"), "rating", (1, 5),
                _("Very dissatisfied"), _("Very satisfied"), is_required=True,
            ),
            TemplateQuestion(
                "wrong", _("What should we have done better?"), shown_to=(DISSATISFIED.name, NEUTRAL.name)
            ),
            TemplateQuestion("like", _("What did we do well?"), shown_to=(SATISFIED.name,)),
        ),
    )  # fmt: skip

    def worth(self, score: int) -> float:
        return float(score >= self.good_from)

    def _estimate(self, counts: Counts) -> Estimate:
        return intervals.share(
            sum(count for score, count in counts.items() if score >= self.good_from), sum(counts.values())
        )

    def _change(self, before: Counts, after: Counts) -> Change:
        return statistics.share_change(self._estimate(before), self._estimate(after))

    def figure(self, value: float) -> str:
        return wording.share(value)

    def difference(self, size: float) -> str:
        return gettext("%(n)s percentage points") % {"n": wording.points(100 * size)}
