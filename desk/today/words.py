"""The reasons of Today in the reader's language."""

from collections.abc import Callable, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.show import day_and_month, days_ahead, number
from desk.today.reasons import Reason, ReasonKind

MOST = 3


def sentences(reasons: Sequence[Reason], risks: Sequence[str], today: date, *, most: int | None = MOST) -> list[str]:
    """Return the most telling reasons, up to `most`; `risks`: why the customer is at risk, which fills what is left."""
    told: list[str] = []
    rest = list(risks)
    for reason in reasons:
        if reason.kind is ReasonKind.AT_RISK:
            told.append(rest.pop(0) if rest else _("at risk"))
        elif reason.kind is not ReasonKind.QUIET or not risks:  # being at risk tells of the silence already
            told.append(WORDS[reason.kind](reason, today))
    return (told + (rest if told else []))[:most]


def _task(reason: Reason, today: date) -> str:
    task = reason.subject
    if reason.since is None or reason.since >= today:
        return _("Due today: %(task)s") % {"task": task.title}
    return _("Overdue since %(day)s: %(task)s") % {"day": day_and_month(reason.since), "task": task.title}


def _answer(reason: Reason, today: date) -> str:
    answer = reason.subject
    if answer.contact is None:
        return _("Unhappy answer: %(score)s") % {"score": _score(reason)}
    return _("Unhappy answer: %(score)s, %(name)s") % {"score": _score(reason), "name": answer.contact}


def _promoter(reason: Reason, today: date) -> str:
    answer = reason.subject
    if answer.contact is None:
        return _("Promoter: %(score)s") % {"score": _score(reason)}
    return _("Promoter: %(score)s, %(name)s") % {"score": _score(reason), "name": answer.contact}


def _score(reason: Reason) -> str:
    answer = reason.subject
    return answer.kind.upper() if answer.score is None else f"{answer.kind.upper()} {number(answer.score)}"


def _renewal(reason: Reason, today: date) -> str:
    assert reason.day is not None
    if reason.day == today:
        return _("Renewal today")
    return _("Renewal %(ahead)s") % {"ahead": days_ahead(reason.day, today)}


def _quiet(reason: Reason, today: date) -> str:
    if reason.day is None:
        return _("Gone quiet")
    days = (today - reason.day).days
    text = ngettext("Gone quiet: nothing for %(days)s day", "Gone quiet: nothing for %(days)s days", days)
    return text % {"days": number(days)}


def _behind(reason: Reason, today: date) -> str:
    text = ngettext(
        "New and behind: %(done)s of %(of)s key action done",
        "New and behind: %(done)s of %(of)s key actions done",
        reason.of,
    )
    return text % {"done": number(reason.count), "of": number(reason.of)}


def _plan_limit(reason: Reason, today: date) -> str:
    text = ngettext(
        "Plan limit near: %(used)s of %(of)s seat used", "Plan limit near: %(used)s of %(of)s seats used", reason.of
    )
    return text % {"used": number(reason.count), "of": number(reason.of)}


def _trial(reason: Reason, today: date) -> str:
    return _("Very active trial")


WORDS: dict[ReasonKind, Callable[[Reason, date], str]] = {
    ReasonKind.TASK: _task,
    ReasonKind.ANSWER: _answer,
    ReasonKind.RENEWAL: _renewal,
    ReasonKind.QUIET: _quiet,
    ReasonKind.BEHIND: _behind,
    ReasonKind.PLAN_LIMIT: _plan_limit,
    ReasonKind.TRIAL: _trial,
    ReasonKind.PROMOTER: _promoter,
}
