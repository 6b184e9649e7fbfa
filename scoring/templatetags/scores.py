"""How bands look, and how the inputs of health are said."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from babel import numbers
from django import template
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core import sparkline
from core.templatetags.show import NOTHING, exact, locale, number, whole
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


@register.inclusion_tag("components/sparkline.html")
def health_trend(values: Sequence[int | None]) -> dict[str, Any]:
    """Draw health day by day, between 0 and 100."""
    return _sparkline(values, gettext("Health"), low=0, high=10_000)


@register.inclusion_tag("components/sparkline.html")
def engagement_trend(values: Sequence[int | None]) -> dict[str, Any]:
    """Draw engagement day by day, between 0 and 100, or as far as it goes beyond."""
    known = [value for value in values if value is not None]
    return _sparkline(values, gettext("Engagement"), low=min([0, *known]), high=max([10_000, *known]))


def _sparkline(values: Sequence[int | None], what: str, *, low: int, high: int) -> dict[str, Any]:
    known = [value for value in values if value is not None]
    drawn = sparkline.lines(values, low=low, high=high) if len(known) > 1 else []
    return {
        "lines": [" ".join(f"{x},{y}" for x, y in line) for line in drawn],
        # As text: a page in French would write a comma, which is no number in SVG.
        "last": [str(place) for place in drawn[-1][-1]] if drawn else None,
        "width": sparkline.WIDTH,
        "height": sparkline.HEIGHT,
        "label": known
        and gettext("%(what)s in %(days)s days: from %(first)s to %(last)s, lowest %(low)s, highest %(high)s")
        % {
            "what": what,
            "days": number(len(values) - 1),
            "first": whole(known[0]),
            "last": whole(known[-1]),
            "low": whole(min(known)),
            "high": whole(max(known)),
        },
    }
