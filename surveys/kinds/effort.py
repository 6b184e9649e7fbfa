"""Customer effort (CES 2.0): they made it easy, from 1 to 7; the mean, and the share of 5 to 7."""

from django.utils.translation import gettext_lazy as _

from core import intervals
from core.intervals import Estimate
from surveys.kinds import wording
from surveys.kinds.base import SCORE, Counts, Group, ScoredKind
from surveys.kinds.template import Template, TemplateQuestion, agreement

EASY = Group("easy", _("Easy"), "good")
MIDDLING = Group("middling", _("Neither easy nor hard"), "middle")
HARD = Group("hard", _("Hard"), "bad")
SCALE = (1, 7)
QUESTION = agreement(SCORE, _("They made it easy for me to handle my issue."), SCALE, is_required=True)
WHY_HARD = TemplateQuestion("wrong", _("What made it hard?"), shown_to=(HARD.name, MIDDLING.name))


class Effort(ScoredKind):
    name = "effort"
    label = _("Effort (CES 2.0)")
    scale = scores = SCALE
    groups = (EASY, MIDDLING, HARD)
    good_from, bad_up_to = 5, 3
    range = SCALE
    levels = (1, 2, 3, 4, 5, 6, 7)
    unit = _("of 7, the mean")
    feeds_health = True
    template = Template(
        "effort", _("Effort (CES 2.0)"), "effort",
        _("Whether it was easy: hard work drives customers away sooner than anything else."),
        _("Was it easy?"), _("Was it easy?"), _("One click helps us to remove obstacles."),
        (QUESTION, WHY_HARD, TemplateQuestion("like", _("What helped most?"), shown_to=(EASY.name,))),
    )  # fmt: skip

    def easy(self, counts: Counts) -> Estimate | None:
        n = sum(counts.values())
        return intervals.share(sum(c for score, c in counts.items() if score >= self.good_from), n) if n else None

    def figure(self, value: float) -> str:
        return wording.mean(value)

    def difference(self, size: float) -> str:
        return wording.mean(size)
