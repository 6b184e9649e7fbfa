"""When a customer who is not at risk needs attention all the same: a renewal, falling behind, a chance. Pure."""

from datetime import date, timedelta
from math import ceil

from scoring.models import EngagementBand
from scoring.risk.signals import RENEWAL_NEAR

# A plan's limit is near when so many per cent of its seats are used, by contacts active within so many days.
SEATS_USED = 90
SEAT_DAYS = 30
# A trial is very active in these bands of engagement.
VERY_ACTIVE = (EngagementBand.HIGHLY_ENGAGED, EngagementBand.POWER_USER)
# An answer of so much to NPS is a chance for so many days, its own included.
PROMOTER_FROM = 9
PROMOTER_DAYS = 30
# A newcomer is behind when this share of its new days is gone, and less than this share of the key actions done.
DAYS_GONE = ACTIONS_DONE = 0.5


def renewal_near_since(renews_on: date) -> date:
    """Return the first day on which a renewal counts as near."""
    return renews_on - timedelta(days=RENEWAL_NEAR)


def is_plan_limit_near(active: int, seats: int | None) -> bool:
    """Tell whether the active contacts use nearly all seats of the plan; without seats there is no limit."""
    return bool(seats) and active * 100 >= seats * SEATS_USED  # type: ignore[operator] # not None when true


def is_trial_very_active(*, is_trial: bool, band: str | None) -> bool:
    return is_trial and band in VERY_ACTIVE


def promoters_since(today: date) -> date:
    """Return the first day whose promoters are a chance still."""
    return today - timedelta(days=PROMOTER_DAYS - 1)


def behind_since(start: date, new_days: int) -> date:
    """Return the day on which half of a newcomer's days are gone: of three, two days after it began."""
    return start + timedelta(days=ceil(new_days * DAYS_GONE))


def is_behind(start: date, new_days: int, *, done: int, of: int, today: date) -> bool:
    """Tell whether a newcomer has done too few key actions for its age; without key actions nobody is behind."""
    return of > 0 and today >= behind_since(start, new_days) and done < of * ACTIONS_DONE
