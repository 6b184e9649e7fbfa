"""What to do next for a customer, in sentences: the signals of `scoring.risk.signals` as suggestions. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.show import money, number
from scoring.risk.signals import Circumstances


@dataclass(frozen=True, slots=True)
class Step:
    icon: str
    text: str
    anchor: str  # the part of the page that shows why
    key: str  # what is suggested, whatever its numbers: a task made of it is known by this


KEYS = (
    "overdue", "renewal", "tickets", "departed", "champion", "no-owner", "never-touched", "out-of-touch", "pulse",
    "at-risk", "still-at-risk",
)  # fmt: skip


def next_steps(now: Circumstances) -> list[Step]:
    """Return what to do, the most pressing first. Nothing is suggested for those who left."""
    if not now.is_followed:
        return []
    return [*_money(now), *_tickets(now), *_people(now), *_touch(now)] or [*_at_risk(now)]


def _money(now: Circumstances) -> Iterator[Step]:
    if (days := now.days_overdue) is not None:
        text = ngettext(
            "Ask about %(amount)s overdue for %(days)s day.", "Ask about %(amount)s overdue for %(days)s days.", days
        )
        yield Step("receipt", text % {"amount": money(now.overdue), "days": number(days)}, "money", "overdue")
    if (days := now.days_to_renewal) is not None:
        yield Step("calendar-clock", _renewal(days, is_red=now.is_red), "money", "renewal")


def _renewal(days: int, *, is_red: bool) -> str:
    if days == 0:
        return _("The contract renews today.")
    if is_red:
        text = ngettext(
            "The contract renews in %(days)s day: restore the relationship before you talk about price.",
            "The contract renews in %(days)s days: restore the relationship before you talk about price.",
            days,
        )
    else:
        text = ngettext(
            "The contract renews in %(days)s day: agree on the next term.",
            "The contract renews in %(days)s days: agree on the next term.",
            days,
        )
    return text % {"days": number(days)}


def _tickets(now: Circumstances) -> Iterator[Step]:
    days = now.ticket_age
    if days is None:
        return
    if now.open_tickets == 1:
        text = ngettext(
            "A ticket has been open for %(days)s day: check its status before you call.",
            "A ticket has been open for %(days)s days: check its status before you call.",
            days,
        )
    else:
        text = ngettext(
            "%(n)s tickets are open, the oldest for %(days)s day: check their status before you call.",
            "%(n)s tickets are open, the oldest for %(days)s days: check their status before you call.",
            days,
        )
    yield Step("life-buoy", text % {"n": number(now.open_tickets), "days": number(days)}, "tickets", "tickets")


def _people(now: Circumstances) -> Iterator[Step]:
    if now.departed and not now.is_person:
        text = _("%(name)s has left: find out who takes over, and introduce yourself.")
        yield Step("user-round-x", text % {"name": now.departed}, "people", "departed")
    if champion := now.missed_champion:
        silence = champion.habit.silence
        about = {"name": champion.name, "days": number(silence)}
        yield Step("user-round-x", _silent(silence, is_person=now.is_person) % about, "people", "champion")
    if not now.has_owner:
        yield Step("user-round-plus", _("This customer has no owner: assign one."), "facts", "no-owner")


def _silent(days: int, *, is_person: bool) -> str:
    if is_person:
        return ngettext(
            "%(name)s has been inactive for %(days)s day: get in touch.",
            "%(name)s has been inactive for %(days)s days: get in touch.",
            days,
        )
    return ngettext(
        "%(name)s, the most active contact, has been inactive for %(days)s day: get in touch.",
        "%(name)s, the most active contact, has been inactive for %(days)s days: get in touch.",
        days,
    )


def _touch(now: Circumstances) -> Iterator[Step]:
    if now.last_touch_on is None and now.is_red:
        yield Step("phone", _("No call or meeting has been logged: call them."), "notes", "never-touched")
    if (days := now.days_out_of_touch) is not None:
        text = ngettext(
            "The last call or meeting was %(days)s day ago.", "The last call or meeting was %(days)s days ago.", days
        )
        yield Step("phone", text % {"days": number(days)}, "notes", "out-of-touch")
    if now.pulse == "red":
        yield Step("heart-pulse", _("The last pulse was red: agree on a plan, and log how it went."), "notes", "pulse")


def _at_risk(now: Circumstances) -> Iterator[Step]:
    """Suggest something for everybody at risk: where nothing else is to be done, what the reason asks for."""
    if now.reason:
        told = _("Still at risk after your last conversation (%(reason)s): agree on what happens next, and log it.")
        text = told if now.has_just_spoken else _("Call them to find out what is behind it: %(reason)s.")
        key = "still-at-risk" if now.has_just_spoken else "at-risk"
        yield Step("phone", text % {"reason": now.reason}, "notes", key)
