"""How bands look, and how the inputs of health are said."""

from decimal import Decimal

from babel import numbers
from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.templatetags.show import NOTHING, exact, locale, number
from scoring.explain import FactorLine
from scoring.models import EngagementBand, FactorKind, HealthBand

register = template.Library()

# The word always stands beside colour and sign: neither is the only one.
# band → (tone, icon), for the values of EngagementBand and HealthBand
LOOKS = {
    "churn_risk": ("danger", "trending-down"),
    "gone_quiet": ("quiet", "moon"),
    "very_disengaged": ("danger", "arrow-down"),
    "somewhat_engaged": ("warning", "minus"),
    "highly_engaged": ("success", "arrow-up"),
    "power_user": ("success", "star"),
    "red": ("danger", "circle-alert"),
    "yellow": ("warning", "triangle-alert"),
    "green": ("success", "circle-check"),
}
UNKNOWN = ("quiet", "circle-question-mark")


@register.filter
def tone(band: str | None) -> str:
    return LOOKS.get(band or "", UNKNOWN)[0]


@register.filter
def band_icon(band: str | None) -> str:
    return LOOKS.get(band or "", UNKNOWN)[1]


@register.filter
def band_word(band: str | None) -> str:
    words = {**dict(EngagementBand.choices), **dict(HealthBand.choices)}
    return str(words.get(band or "", ""))


@register.filter
def share_at_stake(health: int | None) -> str:
    """Say (100 − health) % exactly; unknown health counts as 0 (scoring.stake)."""
    share = Decimal(10_000 - (health or 0)) / 10_000
    return numbers.format_percent(share, decimal_quantization=False, locale=locale())


NOTES = {
    "unknown": _("Unknown: the others share its weight"),
    "worst": _("Unknown: counts as the worst"),
    "neutral": _("Unknown: counts as 50"),
    "fixed": _("Unknown: counts as a fixed value"),
}


@register.filter
def factor_input(line: FactorLine) -> str:
    """Say what a factor looked at, in its own unit."""
    if line.input is None:
        return NOTHING
    if line.kind == FactorKind.DAYS_SINCE_ACTIVITY:
        days = line.input // 100
        return ngettext("%(days)s day", "%(days)s days", days) % {"days": number(days)}
    return exact(line.input)


@register.filter
def factor_note(line: FactorLine) -> str:
    return str(NOTES.get(line.note, ""))
