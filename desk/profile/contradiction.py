"""Where score and money disagree: one went up and the other down. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from babel import numbers
from django.utils.translation import gettext as _

from core.templatetags.show import locale, number, whole

TELLING_SHARE, TELLING_HEALTH = Decimal("0.05"), 1_000  # of revenue; hundredths of health


@dataclass(frozen=True, slots=True)
class RevenueAndHealth:
    """Monthly revenue (in one currency) and health (hundredths), `days` ago and now; None is unknown."""

    days: int
    mrr_before: Decimal | None
    mrr: Decimal | None
    health_before: int | None
    health: int | None


def contradiction(past: RevenueAndHealth) -> str:
    """Say that revenue and health went opposite ways; empty when they did not, or when any of them is unknown."""
    if not past.mrr_before or past.mrr is None or past.health_before is None or past.health is None:
        return ""
    growth = (past.mrr - past.mrr_before) / past.mrr_before
    rise = past.health - past.health_before
    if abs(growth) < TELLING_SHARE or abs(rise) < TELLING_HEALTH or (growth > 0) == (rise > 0):
        return ""
    if growth > 0:
        text = _(
            "In %(days)s days revenue rose by %(share)s while health fell from %(before)s to %(now)s: "
            "they pay more and do less with it."
        )
    else:
        text = _(
            "In %(days)s days revenue fell by %(share)s while health rose from %(before)s to %(now)s: "
            "they pay less and do more with it."
        )
    return text % {
        "days": number(past.days),
        "share": numbers.format_percent(abs(growth), locale=locale()),
        "before": whole(past.health_before),
        "now": whole(past.health),
    }
