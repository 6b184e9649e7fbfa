"""Where score and money disagree: one went up and the other down. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from babel import numbers
from django.utils.translation import gettext as _

from core.templatetags.show import locale, number, whole

TELLING_SHARE, TELLING_HEALTH = Decimal("0.05"), 1_000  # of revenue; hundredths of health


@dataclass(frozen=True, slots=True)
class Course:
    """Monthly revenue (in one currency) and health (hundredths), `days` ago and now; None is unknown."""

    days: int
    mrr_before: Decimal | None
    mrr: Decimal | None
    health_before: int | None
    health: int | None


def contradiction(course: Course) -> str:
    """Say that revenue and health went opposite ways; empty when they did not, or nobody knows."""
    if not course.mrr_before or course.mrr is None or course.health_before is None or course.health is None:
        return ""
    growth = (course.mrr - course.mrr_before) / course.mrr_before
    rise = course.health - course.health_before
    if abs(growth) < TELLING_SHARE or abs(rise) < TELLING_HEALTH or (growth > 0) == (rise > 0):
        return ""
    if growth > 0:
        said = _(
            "In %(days)s days revenue rose by %(share)s while health fell from %(before)s to %(now)s: "
            "they pay more and do less with it."
        )
    else:
        said = _(
            "In %(days)s days revenue fell by %(share)s while health rose from %(before)s to %(now)s: "
            "they pay less and do more with it."
        )
    return said % {
        "days": number(course.days),
        "share": numbers.format_percent(abs(growth), locale=locale()),
        "before": whole(course.health_before),
        "now": whole(course.health),
    }
