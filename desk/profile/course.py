"""The course of a customer's health over 90 days, and what happened meanwhile, each with words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.templatetags.show import day_and_month, number, signed, whole
from customers.models import Customer
from desk.profile.course_marks import Happening, load_happenings
from scoring.explain import score_history_chart as charts
from scoring.explain.score_history import History, load_course
from scoring.models import CurrentScore

DAYS = 90
TOLD = 6  # in words beside the line; all others are folded
LOW, HIGH = 0, 10_000  # hundredths
STEADY = 300  # hundredths: less is no rise or fall that one would speak of
LATELY = 14


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened, on the line: on the bottom where health was unknown that day."""

    day: date
    label: str
    icon: str
    tone: str
    href: str
    across: str
    down: str


@dataclass(frozen=True, slots=True)
class Course:
    upshot: str
    difference: int | None  # hundredths since the line that stands now began; None: nothing to compare
    chart: dict[str, Any] | None  # None: health is unknown all the time
    marks: Sequence[Mark]  # newest first

    @property
    def tone(self) -> str:
        if self.difference is None or abs(self.difference) < STEADY:
            return ""
        return "success" if self.difference > 0 else "danger"

    @property
    def told(self) -> Sequence[Mark]:
        return self.marks[:TOLD]

    @property
    def folded(self) -> Sequence[Mark]:
        return self.marks[TOLD:]


def load(customer: Customer, score: CurrentScore | None, *, today: date) -> Course:
    """Return the course up to today. Three queries: days, their versions' bands, and what happened."""
    first, end = today - timedelta(days=DAYS), today + timedelta(days=1)
    history = load_course(customer, score, first=first, today=today)
    happened = [*_publications(history), *load_happenings(customer, first=first, today=today)]
    happened.sort(key=lambda one: one.day, reverse=True)
    values = charts.values_by_day(history, end, "health", DAYS + 1)
    is_known = any(value is not None for value in values)
    upshot, difference = _upshot(history, values, today)
    addresses = {name: reverse(name, args=[customer.pk]) for name in ("scoring:score", "desk:timeline")}
    return Course(
        upshot,
        difference,
        _chart(history, end, upshot) if is_known else None,
        [_mark(one, values[(one.day - first).days], end, addresses) for one in happened],
    )


def _chart(history: History, end: date, upshot: str) -> dict[str, Any]:
    drawn = charts.chart(history, end, "health", low=LOW, high=HIGH, span=DAYS + 1)
    return {**drawn, "label": upshot}


def _mark(one: Happening, value: int | None, end: date, addresses: Mapping[str, str]) -> Mark:
    if one.is_of_score:
        href = f"{addresses['scoring:score']}?as_of={one.day}&against=1"
    else:
        href = f"{addresses['desk:timeline']}?since={one.day}&until={one.day}"
    return Mark(
        day=one.day,
        label=one.label,
        icon=one.icon,
        tone=one.tone,
        href=href,
        across=charts.across(one.day, end, DAYS + 1),
        down=charts.down(LOW if value is None else value, low=LOW, high=HIGH),
    )


def _publications(history: History) -> list[Happening]:
    words = _("The model changed: version %(version)s scores from here on")
    return [
        Happening(day, words % {"version": version}, "sliders-horizontal", is_of_score=True)
        for day, version in history.versions
    ]


def _upshot(history: History, values: Sequence[int | None], today: date) -> tuple[str, int | None]:
    """Return whether health fell, in words, and by how much. What another version said is not compared."""
    first = today - timedelta(days=DAYS)
    changed_on = history.versions[-1][0] if history.versions else None
    begins = 0 if changed_on is None else (changed_on - first).days
    known = {first + timedelta(days=begins + i): one for i, one in enumerate(values[begins:]) if one is not None}
    if not known:
        return _("Health is unknown."), None
    since, last = min(known), max(known)
    before, now = known[since], known[last]
    about = {"before": whole(before), "now": whole(now), "day": day_and_month(since), "last": day_and_month(last)}
    if last != today:
        return _("Health is unknown now; it was %(now)s on %(last)s.") % about, None
    if since == today:
        return _("Health is %(now)s; there is no earlier day to compare with.") % about, None
    words = _direction(now - before, is_new_version=changed_on == since) % about
    lately = known.get(today - timedelta(days=LATELY))
    if lately is None or since == today - timedelta(days=LATELY):
        return words, now - before
    recent = _("%(points)s in the last %(days)s days") % {"points": signed(now - lately), "days": number(LATELY)}
    return f"{words}, {recent}", now - before


def _direction(difference: int, *, is_new_version: bool) -> str:
    if is_new_version:
        return _("Health %(before)s → %(now)s since the model changed on %(day)s")
    if difference <= -STEADY:
        return _("Health fell: %(before)s → %(now)s since %(day)s")
    if difference >= STEADY:
        return _("Health rose: %(before)s → %(now)s since %(day)s")
    return _("Health is steady: %(before)s → %(now)s since %(day)s")
