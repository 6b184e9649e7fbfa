"""What the numbers suggest doing next, in sentences. Pure.

`desk.profile.facts` gathers the numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.show import money, number

RENEWAL_NEAR = 90  # days
OLD_TICKET = 7
QUIET = 14  # days a champion must have been silent, and
HABIT = 3  # as many of their usual gaps
REGULAR = 5  # days of activity that make somebody worth missing
OUT_OF_TOUCH = 45


@dataclass(frozen=True, slots=True)
class Champion:
    """The contact who was active on the most days of the last half year."""

    name: str
    active_days: int
    silence: int  # days
    gap: int  # days between two active days, on average

    @property
    def is_quiet(self) -> bool:
        return self.active_days >= REGULAR and self.silence >= max(QUIET, HABIT * self.gap)


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of a customer on `today`. Money in BASE_CURRENCY; None is unknown."""

    today: date
    renews_on: date | None = None
    overdue: Decimal | None = None  # None: nothing is
    overdue_since: date | None = None
    open_tickets: int = 0
    oldest_ticket_on: date | None = None
    champion: Champion | None = None
    pulse: str = ""
    last_touch_on: date | None = None
    has_owner: bool = True
    is_followed: bool = True  # on trial or active
    is_red: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    icon: str
    text: str
    anchor: str  # the part of the page that shows why


def next_steps(now: Situation) -> list[Step]:
    """Return what to do, the most pressing first. Nothing is suggested for those who left."""
    if not now.is_followed:
        return []
    return [*_money(now), *_tickets(now), *_people(now), *_touch(now)]


def _money(now: Situation) -> Iterator[Step]:
    if now.overdue is not None and now.overdue_since is not None:
        days = (now.today - now.overdue_since).days
        said = ngettext(
            "Ask about %(amount)s overdue for %(days)s day.", "Ask about %(amount)s overdue for %(days)s days.", days
        )
        yield Step("receipt", said % {"amount": money(now.overdue), "days": number(days)}, "money")
    if now.renews_on is not None and (now.renews_on - now.today).days <= RENEWAL_NEAR:
        days = (now.renews_on - now.today).days
        if days == 0:
            yield Step("calendar-clock", _("The contract renews today."), "money")
            return
        said = (
            ngettext(
                "The contract renews in %(days)s day: win them back before you talk price.",
                "The contract renews in %(days)s days: win them back before you talk price.",
                days,
            )
            if now.is_red
            else ngettext(
                "The contract renews in %(days)s day: agree on what comes next.",
                "The contract renews in %(days)s days: agree on what comes next.",
                days,
            )
        )
        yield Step("calendar-clock", said % {"days": number(days)}, "money")


def _tickets(now: Situation) -> Iterator[Step]:
    if not now.open_tickets or now.oldest_ticket_on is None:
        return
    days = (now.today - now.oldest_ticket_on).days
    if days < OLD_TICKET:
        return
    if now.open_tickets == 1:
        said = ngettext(
            "A ticket has been open for %(days)s day: know its state before you call.",
            "A ticket has been open for %(days)s days: know its state before you call.",
            days,
        )
    else:
        said = ngettext(
            "%(n)s tickets are open, the oldest for %(days)s day: know their state before you call.",
            "%(n)s tickets are open, the oldest for %(days)s days: know their state before you call.",
            days,
        )
    yield Step("life-buoy", said % {"n": number(now.open_tickets), "days": number(days)}, "tickets")


def _people(now: Situation) -> Iterator[Step]:
    if now.champion is not None and now.champion.is_quiet:
        said = ngettext(
            "%(name)s, the most active there, has been silent for %(days)s day: ask how they are.",
            "%(name)s, the most active there, has been silent for %(days)s days: ask how they are.",
            now.champion.silence,
        )
        yield Step("user-round-x", said % {"name": now.champion.name, "days": number(now.champion.silence)}, "people")
    if not now.has_owner:
        yield Step("user-round-plus", _("Nobody owns this customer: give them somebody."), "facts")


def _touch(now: Situation) -> Iterator[Step]:
    if now.last_touch_on is None:
        if now.is_red:
            yield Step("phone", _("No call or meeting was ever logged: call them."), "notes")
    elif (days := (now.today - now.last_touch_on).days) >= OUT_OF_TOUCH:
        said = ngettext(
            "The last call or meeting was %(days)s day ago.", "The last call or meeting was %(days)s days ago.", days
        )
        yield Step("phone", said % {"days": number(days)}, "notes")
    if now.pulse == "red":
        yield Step("heart-pulse", _("The last pulse was red: agree on a plan, and log how it went."), "notes")
