"""Which past days fit, and which judge: a split in time, never at random. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

JUDGING_SHARE = 3  # one day in three, the latest ones


class Role(StrEnum):
    FIT = "fit"  # half-life, weights and expected shares are chosen on these
    GAP = "gap"  # its horizon reaches into the days that judge
    JUDGE = "judge"
    IMMATURE = "immature"  # its horizon is not over


@dataclass(frozen=True, slots=True)
class Stand:
    """A day to stand on."""

    day: date
    role: Role


def stands(days: Sequence[date], horizon: int, last_whole_day: date) -> list[Stand]:
    """Return what each day is for, in order. What fits is over before the first day that judges."""
    ahead = timedelta(days=horizon)
    mature = sorted(day for day in set(days) if day + ahead <= last_whole_day)
    # At least one judges: a suggestion without a judgement is worth nothing.
    judging = mature[len(mature) - max(1, len(mature) // JUDGING_SHARE) :] if mature else []
    result = []
    for day in sorted(set(days)):
        if day + ahead > last_whole_day:
            role = Role.IMMATURE
        elif day in judging:
            role = Role.JUDGE
        else:
            role = Role.FIT if day + ahead < judging[0] else Role.GAP
        result.append(Stand(day, role))
    return result
