"""How figures of surveys are written, and how groups of answers look."""

from datetime import date

from babel import dates
from django import template

from core.intervals import Estimate
from core.templatetags.show import NOTHING, calendar
from surveys import kinds
from surveys.kinds import GROUPS, wording
from surveys.results.statistics import Change

register = template.Library()

PRECISE, FAIR = 0.05, 0.1  # half an interval, as a share of the scale: for NPS 10 and 20 points


@register.filter
def figure(value: float | None, kind: str) -> str:
    """Say a figure of a kind: points, per cent, or a mean with one decimal."""
    return NOTHING if value is None else kinds.get(kind).figure(value)


@register.filter
def share(value: float | None) -> str:
    """Say a share of 0..1 in whole per cents."""
    return wording.share(value)


@register.filter
def mean(value: float | None) -> str:
    return NOTHING if value is None else wording.mean(value)


@register.filter
def what(kind: str) -> str:
    return str(kinds.get(kind).unit)


@register.filter
def tone(group: str) -> str:
    return GROUPS[group].tone if group else "quiet"


@register.filter
def face(group: str) -> str:
    return GROUPS[group].icon if group else "message-square"


@register.filter
def group_word(group: str) -> str:
    return str(GROUPS[group].label) if group else ""


@register.filter
def of_scale(score: int, kind: str) -> str:
    """Say one person's score with the end of its scale."""
    return kinds.get(kind).score_text(score)


@register.filter
def sureness(estimate: Estimate, kind: str) -> str:
    """Name how far the interval reaches: precise, fair or rough."""
    lowest, highest = kinds.get(kind).range
    half = (estimate.high - estimate.low) / 2 / (highest - lowest)
    return "precise" if half <= PRECISE else "fair" if half <= FAIR else "rough"


@register.filter
def change_words(change: Change, kind: str) -> str:
    """Say by how much it changed, in the kind's unit, without a sign."""
    return kinds.get(kind).difference(abs(change.value))


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
