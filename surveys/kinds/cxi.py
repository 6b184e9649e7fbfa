"""Customer experience index: effort, empathy, understanding, effectiveness, each from 1 to 5."""

from django.utils.translation import gettext_lazy as _

from surveys.kinds import wording
from surveys.kinds.base import Marks, ScoredKind
from surveys.kinds.csat import DISSATISFIED, NEUTRAL, SATISFIED
from surveys.kinds.template import Template, TemplateQuestion, agreement

TOP, BOTTOM = 4, 2  # boxes of 1..5: from, up to
SCALE = (1, 5)
STATEMENTS = {
    "effort": _("It was easy to get what I wanted."),
    "empathy": _("They treated me with care and respect."),
    "understanding": _("They understood what I needed."),
    "effectiveness": _("In the end I got what I came for."),
}


class Cxi(ScoredKind):
    """The score of an answer is the sum of its four marks of −1, 0 and 1; four marks of one person are one answer."""

    name = "cxi"
    label = _("Experience in four questions (CXI)")
    keys = tuple(STATEMENTS)
    scale = SCALE
    scores = (-len(STATEMENTS), len(STATEMENTS))
    groups = (SATISFIED, NEUTRAL, DISSATISFIED)
    good_from, bad_up_to = 1, -1
    range = (-100, 100)
    levels = (-100, -50, 0, 50, 100)
    unit = _("points, from −100 to 100")
    template = Template(
        "cxi", _("Experience in four questions (CXI)"), "cxi",
        _("The experience in four parts: effort, empathy, understanding, effectiveness."),
        _("Four short questions"), _("Four short questions for you"),
        _("How was it, the last time you dealt with us?"),
        (
            *(agreement(key, text, SCALE, is_required=True) for key, text in STATEMENTS.items()),
            TemplateQuestion("wrong", _("What should change first?"), shown_to=(DISSATISFIED.name, NEUTRAL.name)),
        ),
    )  # fmt: skip

    def score(self, marks: Marks) -> int | None:
        if any(key not in marks for key in self.keys):
            return None
        return sum((marks[key] >= TOP) - (marks[key] <= BOTTOM) for key in self.keys)

    def worth(self, score: int) -> float:
        return 100 * score / len(self.keys)

    def score_text(self, score: int) -> str:
        return wording.points(self.worth(score))
