"""How figures of surveys are said, and how groups of answers look."""

from datetime import date
from decimal import Decimal

from babel import dates, numbers
from django import template
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.intervals import Estimate
from core.templatetags.show import NOTHING, calendar, locale
from surveys.models import Group, Kind
from surveys.results.statistics import Change

register = template.Library()

TONES = {
    Group.PROMOTER: ("success", "smile"),
    Group.SATISFIED: ("success", "smile"),
    Group.EASY: ("success", "smile"),
    Group.PASSIVE: ("warning", "meh"),
    Group.NEUTRAL: ("warning", "meh"),
    Group.MIDDLING: ("warning", "meh"),
    Group.DETRACTOR: ("danger", "frown"),
    Group.DISSATISFIED: ("danger", "frown"),
    Group.HARD: ("danger", "frown"),
}
WHAT = {
    Kind.NPS: _("points of −100 to 100"),
    Kind.CSAT: _("of the answers are satisfied"),
    Kind.EFFORT: _("of 7, the mean"),
    Kind.CXI: _("points of −100 to 100"),
}
SPANS = {Kind.NPS: 200, Kind.CXI: 200, Kind.CSAT: 1, Kind.EFFORT: 6}
PRECISE, FAIR = 0.05, 0.1  # half an interval, as a share of the scale


@register.filter
def figure(value: float | None, kind: str) -> str:
    """Say a figure of a kind: points, per cent, or a mean with one decimal."""
    if value is None:
        return NOTHING
    if kind == Kind.CSAT:
        return share(value)
    if kind == Kind.EFFORT:
        return _said(Decimal(value), "#,##0.0")
    return _said(Decimal(value), "#,##0")


@register.filter
def share(value: float | None) -> str:
    """Say a share of 0..1 in whole per cents."""
    return NOTHING if value is None else numbers.format_percent(round(value, 2), locale=locale())


@register.filter
def mean(value: float | None) -> str:
    return NOTHING if value is None else _said(Decimal(value), "#,##0.0")


@register.filter
def what(kind: str) -> str:
    return str(WHAT.get(Kind(kind), ""))


@register.filter
def tone(group: str) -> str:
    return TONES[Group(group)][0] if group else "quiet"


@register.filter
def face(group: str) -> str:
    return TONES[Group(group)][1] if group else "message-square"


@register.filter
def group_word(group: str) -> str:
    return str(Group(group).label) if group else ""


@register.filter
def of_scale(score: int, kind: str) -> str:
    """Say one person's score with the end of its scale."""
    if kind == Kind.CXI:
        return f"{_said(Decimal(score * 25), '#,##0')}"
    most = {Kind.NPS: 10, Kind.CSAT: 5, Kind.EFFORT: 7}.get(Kind(kind))
    return f"{score}/{most}" if most else str(score)


@register.filter
def sureness(estimate: Estimate, kind: str) -> str:
    """Name how far the interval reaches: precise, fair or rough."""
    half = (estimate.high - estimate.low) / 2 / SPANS[Kind(kind)]
    return "precise" if half <= PRECISE else "fair" if half <= FAIR else "rough"


@register.filter
def change_words(change: Change, kind: str) -> str:
    """Say by how much it changed, in the kind's unit, without a sign."""
    size = abs(change.value)
    if kind == Kind.CSAT:
        return gettext("%(n)s percentage points") % {"n": _said(Decimal(100 * size), "#,##0")}
    if kind == Kind.EFFORT:
        return _said(Decimal(size), "#,##0.0")
    return gettext("%(n)s points") % {"n": _said(Decimal(size), "#,##0")}


@register.filter
def period(day: date, per: str) -> str:
    """Name a week by its first day, a month, or a quarter."""
    spoken = calendar()
    if per == "week":
        return dates.format_date(day, "medium", locale=spoken)
    if per == "month":
        return dates.format_skeleton("yMMM", day, locale=spoken)
    return dates.format_skeleton("yQQQ", day, locale=spoken)


@register.filter
def per_cent_of(count: int, whole: int) -> str:
    """Return a count's part of a whole as a width of 0 to 100; as text, so that no language writes a comma."""
    return str(round(100 * count / whole, 2)) if whole else "0"


@register.filter
def part_of(count: int, whole: int) -> str:
    return share(count / whole) if whole else NOTHING


def _said(value: Decimal, pattern: str) -> str:
    text = numbers.format_decimal(value, format=pattern, locale=locale())
    return "0" if text == "-0" else text.replace("-", "−")
