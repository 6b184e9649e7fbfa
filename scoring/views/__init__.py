from scoring.views.acts import assign, handle, snooze, wake
from scoring.views.at_risk import URGENCY, at_risk, resting

__all__ = ["URGENCY", "assign", "at_risk", "handle", "resting", "snooze", "wake"]
