from scoring.views.acts import assign, handle, snooze, wake
from scoring.views.at_risk import URGENCY, at_risk, resting
from scoring.views.override import override
from scoring.views.score import score, score_csv
from scoring.views.sums import totals

__all__ = [
    "URGENCY",
    "assign",
    "at_risk",
    "handle",
    "override",
    "resting",
    "score",
    "score_csv",
    "snooze",
    "totals",
    "wake",
]
