"""Net promoter score: would you recommend us, from 0 to 10."""

from django.utils.translation import gettext_lazy as _

from core.intervals import Estimate
from surveys.kinds.base import SCORE, Counts, Group, ScoredKind
from surveys.kinds.template import Template, TemplateQuestion
from surveys.results import statistics
from surveys.results.statistics import Change, Promotion

PROMOTER = Group("promoter", _("Promoter"), "good")
PASSIVE = Group("passive", _("Passive"), "middle")
DETRACTOR = Group("detractor", _("Detractor"), "bad")
QUESTION = TemplateQuestion(
    SCORE, _("How likely are you to recommend us to a friend or colleague?"), "rating", (0, 10),
    _("Not at all likely"), _("Extremely likely"), is_required=True,
)  # fmt: skip


class Nps(ScoredKind):
    name = "nps"
    label = _("Recommendation (NPS)")
    scale = scores = (0, 10)
    groups = (PROMOTER, PASSIVE, DETRACTOR)
    good_from, bad_up_to = statistics.PROMOTER, statistics.DETRACTOR
    range = (-100, 100)
    levels = (-100, -50, 0, 50, 100)
    unit = _("points, from −100 to 100")
    feeds_health = True
    template = Template(
        "nps", _("Recommendation (NPS)"), "nps",
        _("The relationship as a whole. Ask everyone, spread over days, once or twice a year."),
        _("One question"), _("One question for you"), _("It takes less than a minute, and a person reads it."),
        (
            QUESTION,
            TemplateQuestion("like", _("What do you value most?"), shown_to=(PROMOTER.name,)),
            TemplateQuestion("lift", _("What would make it a 9 or a 10?"), shown_to=(PASSIVE.name,)),
            TemplateQuestion("wrong", _("We are sorry. What went wrong?"), shown_to=(DETRACTOR.name,)),
        ),
    )  # fmt: skip

    def worth(self, score: int) -> float:
        return statistics.promoting(score)

    def _estimate(self, counts: Counts) -> Estimate:
        return statistics.nps(_promotion(counts))

    def _change(self, before: Counts, after: Counts) -> Change:
        return statistics.nps_change(_promotion(before), _promotion(after))


def _promotion(counts: Counts) -> Promotion:
    return statistics.promotion([counts.get(score, 0) for score in range(11)])
