"""Why a customer is on Today, and when a row that was done comes back. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any

from core.days import business_day
from customers.attention import HANDLED_FOR
from customers.models.customer import FURTHER_FALL

PUT_OFF = 3  # snoozes in a row after which a customer rises to the top


class ReasonKind(IntEnum):
    """What brings a customer onto Today, the most telling first."""

    TASK = 0
    ANSWER = 1
    AT_RISK = 2
    RENEWAL = 3
    QUIET = 4
    BEHIND = 5
    PLAN_LIMIT = 6
    TRIAL = 7
    PROMOTER = 8

    @property
    def is_chance(self) -> bool:
        return self >= ReasonKind.PLAN_LIMIT


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. Two reasons with one `key` are the same: what was done about it holds for it."""

    kind: ReasonKind
    key: str
    since: date | None = None  # None: nobody knows
    at: datetime | None = None  # where more than the day is known
    subject: Any = None  # the Task or the Answer
    count: int = 0  # key actions done, active contacts
    of: int = 0  # key actions, seats
    day: date | None = None  # of the renewal; the last active one

    @property
    def order(self) -> tuple[int, date, str]:
        return self.kind, self.since or date.max, self.key


@dataclass(frozen=True, slots=True)
class Score:
    """What of a customer's score a row goes by. Hundredths; None is unknown."""

    health: int | None = None
    model: int | None = None
    urgency: Decimal | None = None
    health_fall: int | None = None


class Done(StrEnum):
    CONTACT = "contact"
    TASK = "task"
    SNOOZED = "snoozed"
    HANDLED = "handled"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was done last about a customer."""

    kind: Done
    at: datetime
    by: int | None = None
    back_at: datetime | None = None  # of a mark
    stood: frozenset[str] | None = None  # the keys of the reasons then; None: not looked at
    health: int | None = None
    model: int | None = None
    ref: str = ""  # the id of the mark, task or note

    def settles(self, reason: Reason) -> bool:
        """Tell whether the reason stood when it was done. A colleague's own work does not do another's task."""
        if self.stood is not None:
            return reason.key in self.stood
        if reason.kind is ReasonKind.TASK and reason.subject.assignee_id not in (None, self.by):
            return False
        if reason.at is not None:
            return reason.at <= self.at
        return reason.since is None or reason.since <= business_day(self.at)

    def is_over(self, now: datetime) -> bool:
        """Tell whether its time has come: the instant of a mark, two weeks after anything else."""
        if self.back_at is not None:
            return now >= self.back_at
        return business_day(now) > business_day(self.at) + HANDLED_FOR


@dataclass(slots=True)
class Entry:
    """A customer that something brings onto Today."""

    customer: int
    score: Score
    reasons: list[Reason] = field(default_factory=list)  # the most telling first
    decision: Decision | None = None
    put_off: int = 0  # snoozes in a row, nothing else done between

    def is_done(self, now: datetime) -> bool:
        """Tell whether what was done last still holds: no new reason, no further fall, its time not over."""
        last = self.decision
        if last is None or last.is_over(now) or fell_further(last, self.score):
            return False
        return all(last.settles(reason) for reason in self.reasons)

    @property
    def is_put_off(self) -> bool:
        return self.put_off >= PUT_OFF

    def overdue_since(self, today: date) -> date | None:
        """Return the due day of the task that is overdue for longest."""
        return min(
            (r.since for r in self.reasons if r.kind is ReasonKind.TASK and r.since and r.since < today), default=None
        )

    def order(self, today: date) -> tuple[Any, ...]:
        """Sort by: put off three times; overdue tasks, the oldest first; urgency; ties by the size of the fall."""
        overdue, score = self.overdue_since(today), self.score
        return (
            not self.is_put_off,
            overdue or date.max,
            score.urgency is None,
            -(score.urgency or 0),
            score.health_fall is None,
            -(score.health_fall or 0),
            self.customer,
        )


def fell_further(last: Decision, score: Score) -> bool:
    """Tell whether health fell by another 10 points since, by one version; where either is unknown, nobody can say."""
    if last.health is None or score.health is None or last.model != score.model:
        return False
    return score.health <= last.health - FURTHER_FALL


def trailing_snoozes(kinds: Collection[Done]) -> int:
    """Return how many of what was done, newest first, are snoozes before anything else."""
    count = 0
    for kind in kinds:
        if kind is not Done.SNOOZED:
            break
        count += 1
    return count


def comes_back_on(decision: Decision) -> datetime | date:
    """Return when a row that is done comes back at the latest."""
    return decision.back_at or business_day(decision.at) + HANDLED_FOR + timedelta(days=1)
