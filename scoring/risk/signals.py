"""The signals that a customer needs attention: what they are, from when on they count, and how they are read.

Every threshold of risk stands here, once. Pages put signals into words (`scoring.risk.wording`, `desk.profile`);
whatever else judges a customer reads the same ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from customers.models.customer import FURTHER_FALL
from events.models import Channel

# Scores are compared with those of so many days ago, wherever a fall is judged.
FALL_DAYS = 14
# Hundredths. A smaller fall of engagement or health is noise; the same fall brings a handled customer back.
FALL = FURTHER_FALL
# Hundredths of health: a fall of so much puts a customer at risk whatever its band.
GRAVE_FALL = 2_000
# Days before a renewal in which it counts as near, and the revenue at risk twice.
RENEWAL_NEAR = 90
# A silence is told when it lasts so many usual gaps, and so many days: a weekend and a holiday are no signal.
HABIT_GAPS = 3
SHORTEST_SILENCE = 14
HABIT_DAYS = 180  # days of counts from which a habit is read
# Days of activity from which on somebody's silence is missed: the most active of three visitors is no champion.
REGULAR_DAYS = 5
# Events of types with negative points count as troubles for so many days.
TROUBLE_DAYS = 30
# Points that a type's events must have cost to be a trouble at all, and to come before a silence.
SLIGHT_COST = Decimal(5)
GRAVE_COST = Decimal(10)
OLD_TICKET = 7  # days open
OUT_OF_TOUCH = 45  # days without a call or meeting
JUST_SPOKEN = 7  # days after a call or meeting in which nobody is told to call

# Event types whose trouble is told with the person's name: they left.
ABOUT_SOMEBODY = ("Champion left",)

# The channels whose silence tells something, the most telling first. Not asking for support is no bad sign, and on
# the other channels it is not the customer who acts.
TELLING_CHANNELS = (
    Channel.PURCHASE,
    Channel.PRODUCT,
    Channel.MOBILE,
    Channel.WEB,
    Channel.IN_PERSON,
    Channel.EMAIL,
    Channel.SOCIAL,
)


@dataclass(frozen=True, slots=True)
class Habit:
    """Something done on `days` days, `gap` days apart on average, and not for `silence` days."""

    silence: int
    gap: int
    days: int

    @classmethod
    def between(cls, first: date, last: date, days: int, *, today: date) -> "Habit":
        """Return the habit of something done on so many days from the first to the last."""
        gap = max(1, round((last - first).days / (days - 1))) if days > 1 else 0
        return cls(silence=(today - last).days, gap=gap, days=days)

    @property
    def is_broken(self) -> bool:
        return self.days > 1 and self.silence >= max(SHORTEST_SILENCE, HABIT_GAPS * self.gap)


@dataclass(frozen=True, slots=True)
class Champion:
    """The contact who was active on the most days of the last half year."""

    name: str
    habit: Habit
    has_left: bool = False

    @property
    def is_missed(self) -> bool:
        return not self.has_left and self.habit.days >= REGULAR_DAYS and self.habit.is_broken


@dataclass(frozen=True, slots=True)
class Trouble:
    """Recent events of a type with negative points."""

    event_type: str
    count: int
    cost: Decimal  # points, positive
    last_on: date
    person: str = ""  # whom it is about, where the event names somebody

    @property
    def is_telling(self) -> bool:
        return self.cost >= SLIGHT_COST

    @property
    def is_grave(self) -> bool:
        return self.cost >= GRAVE_COST


@dataclass(frozen=True, slots=True)
class Fall:
    """A score that fell noticeably within FALL_DAYS. Hundredths."""

    before: int
    now: int


@dataclass(frozen=True, slots=True)
class Signals:
    """What a customer's scores and counts say. Scores in hundredths; None is unknown."""

    engagement: int | None = None
    engagement_before: int | None = None
    engagement_band: str | None = None
    health: int | None = None
    health_before: int | None = None
    health_band: str | None = None
    quiet_days: int | None = None  # since any activity
    habits: Mapping[Channel, Habit] = field(default_factory=dict)
    troubles: Sequence[Trouble] = ()

    @property
    def engagement_fall(self) -> Fall | None:
        return _fall(self.engagement_before, self.engagement)

    @property
    def health_fall(self) -> Fall | None:
        return _fall(self.health_before, self.health)

    @property
    def silence(self) -> int | None:
        """Return the days without any activity, where they are many enough to be told; else None."""
        is_long = self.quiet_days is not None and self.quiet_days >= SHORTEST_SILENCE
        return self.quiet_days if is_long else None

    @property
    def broken_habits(self) -> list[tuple[Channel, Habit]]:
        """Return the channels that are silent for longer than is usual for this customer, the most telling first."""
        habits = [(channel, self.habits[channel]) for channel in TELLING_CHANNELS if channel in self.habits]
        return [(channel, habit) for channel, habit in habits if habit.is_broken]

    @property
    def departed(self) -> str:
        """Return who left lately of those one should know; empty when nobody did, or nobody said who."""
        return next((trouble.person for trouble in self.troubles if trouble.event_type in ABOUT_SOMEBODY), "")

    @property
    def telling_troubles(self) -> list[Trouble]:
        """Return the troubles that cost enough to be told, the worst first."""
        telling = [trouble for trouble in self.troubles if trouble.is_telling]
        return sorted(telling, key=lambda trouble: (-trouble.cost, trouble.event_type))


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What records and people say on `today`. Money in BASE_CURRENCY; None is unknown."""

    today: date
    renews_on: date | None = None
    overdue: Decimal | None = None  # None: nothing is
    overdue_since: date | None = None
    open_tickets: int = 0
    oldest_ticket_on: date | None = None
    champion: Champion | None = None
    departed: str = ""  # the champion of whom it was told lately that they left
    reason: str = ""  # why the customer is at risk, in words; empty when it is not
    pulse: str = ""
    last_touch_on: date | None = None
    has_owner: bool = True
    is_followed: bool = True  # on trial or active
    is_red: bool = False
    is_person: bool = False  # the customer and its only contact are one

    @property
    def days_to_renewal(self) -> int | None:
        """Return the days to a renewal that is near; None when there is none."""
        if self.renews_on is None or not is_renewal_near(self.renews_on, self.today):
            return None
        return (self.renews_on - self.today).days

    @property
    def days_overdue(self) -> int | None:
        """Return for how many days the oldest unpaid invoice has been due; None when nothing is overdue."""
        return None if self.overdue is None else self._days_since(self.overdue_since)

    @property
    def ticket_age(self) -> int | None:
        """Return the days the oldest open ticket is open, where that is long; else None."""
        days = self._days_since(self.oldest_ticket_on) if self.open_tickets else None
        return days if days is not None and days >= OLD_TICKET else None

    @property
    def missed_champion(self) -> Champion | None:
        """Return whom to ask how they are; nobody where they left, or where somebody was just spoken to."""
        is_missed = self.champion is not None and self.champion.is_missed and not self.has_just_spoken
        return self.champion if is_missed else None

    @property
    def has_just_spoken(self) -> bool:
        days = self._days_since(self.last_touch_on)
        return days is not None and days <= JUST_SPOKEN

    @property
    def days_out_of_touch(self) -> int | None:
        """Return the days since the last call or meeting, where they are many; None also where there never was one."""
        days = self._days_since(self.last_touch_on)
        return days if days is not None and days >= OUT_OF_TOUCH else None

    def _days_since(self, day: date | None) -> int | None:
        return None if day is None else (self.today - day).days


def is_renewal_near(renews_on: date | None, today: date) -> bool:
    return renews_on is not None and renews_on <= today + timedelta(days=RENEWAL_NEAR)


def _fall(before: int | None, now: int | None) -> Fall | None:
    return Fall(before, now) if before is not None and now is not None and before - now >= FALL else None
