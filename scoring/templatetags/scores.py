"""How bands look, and how the inputs of health are said."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from babel import numbers
from django import template
from django.conf import settings
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.templatetags.show import (
    NOTHING,
    day,
    day_and_month,
    exact,
    locale,
    money,
    number,
    percent,
    signed_exact,
    whole,
)
from core.web.charts import sparkline
from core.web.charts.scale import polyline
from customers.models import Kind
from records.notes import STRENGTH
from scoring.engine import DEFINITIONS, Period, Unit
from scoring.explain import score_history_chart
from scoring.explain.explanation import FactorLine
from scoring.explain.score_history import History
from scoring.explain.trends import Trend
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
    "new": ("quiet", "sprout"),
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
def decay(millionths: int) -> str:
    """Say how much of an event still counts."""
    return numbers.format_percent(Decimal(millionths) / 1_000_000, format="#,##0.##%", locale=locale())


@register.filter
def four_decimals(points: Decimal) -> str:
    """Say what one day adds, before the sum is rounded to hundredths."""
    return numbers.format_decimal(points, format="#,##0.0000", locale=locale())


WHICH = {
    "": _("All"),
    "at_risk": _("Become at risk"),
    "no_longer_at_risk": _("No longer at risk"),
    "red": _("Turn red"),
    "worse": _("Worse health"),
    "better": _("Better health"),
    "unknown": _("Known in one version only"),
    "engagement": _("Different engagement band"),
}


@register.filter
def which_word(which: str) -> str:
    """Name a kind of change of bands (scoring.what_if.comparison.BandChange)."""
    return str(WHICH[which])


WHY = {
    "unknown": _("Unknown"),
    "old": _("Too old to count"),
    "silent": _("No data is sent for it"),
}
NOTES = {
    "unknown": _("the others share its weight"),
    "worst": _("counts as the worst"),
    "neutral": _("counts as 50"),
    "fixed": _("counts as a fixed value"),
}


PULSES = {strength // 10: pulse for pulse, strength in STRENGTH.items()}  # hundredths


def _in_days(hundredths: int) -> str:
    days = hundredths // 100
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": number(days)}


FORMATS: dict[Unit, Callable[[int], str]] = {
    Unit.NUMBER: exact,
    Unit.WHOLE_NUMBER: lambda hundredths: number(hundredths // 100),
    Unit.POINTS_CHANGE: signed_exact,
    Unit.PERCENT: percent,
    Unit.DAYS: _in_days,
    Unit.HOURS: lambda hundredths: gettext("%(hours)s h") % {"hours": exact(hundredths)},
    Unit.MONEY: lambda hundredths: money(Decimal(hundredths) / 100, settings.BASE_CURRENCY),
}


@register.filter
def factor_input(line: FactorLine) -> str:
    """Write what a factor read, in its unit; a pulse as the colour it was given."""
    if line.input is None:
        return NOTHING
    if line.kind == FactorKind.PULSE and line.input in PULSES:
        return str(PULSES[line.input].label)
    return FORMATS[DEFINITIONS[line.kind].unit](line.input)


@register.filter
def factor_recorded(line: FactorLine, as_of: date) -> str:
    """Say when the input was logged, unless on the day itself; of a share of contacts, their number was logged."""
    if line.known_on is None or line.known_on == as_of:
        return ""
    logged = {"day": day(line.known_on)}
    if DEFINITIONS[line.kind].period is Period.CONTACTS:
        return gettext("number of contacts recorded on %(day)s") % logged
    return gettext("last recorded on %(day)s") % logged


@register.filter
def factor_name(name: str, kind: str) -> str:
    """Call a factor as it reads for the customer's kind: one person has no share of active contacts."""
    is_share = kind == Kind.PERSON and name == FactorKind.ACTIVE_CONTACTS.label
    return gettext("Active or not") if is_share else name


@register.filter
def factor_note(line: FactorLine) -> str:
    """Say why there is no input, and what counts instead."""
    return f"{WHY[line.why]}: {NOTES[line.note]}" if line.note else ""


@register.filter
def factor_why(line: FactorLine) -> str:
    """Say why there is no input, where nothing is added up that something else could count in."""
    return str(WHY[line.why])


@register.inclusion_tag("components/sparkline.html")
def health_trend(trend: Trend) -> dict[str, Any]:
    """Draw health day by day, between 0 and 100."""
    return _sparkline(trend, trend.health, gettext("Health"), low=0, high=10_000)


@register.inclusion_tag("components/sparkline.html")
def engagement_trend(trend: Trend) -> dict[str, Any]:
    """Draw engagement day by day, between 0 and 100, or as far as it goes beyond."""
    known = [value for value in trend.engagement if value is not None]
    return _sparkline(trend, trend.engagement, gettext("Engagement"), low=min([0, *known]), high=max([10_000, *known]))


def _sparkline(trend: Trend, values: Sequence[int | None], what: str, *, low: int, high: int) -> dict[str, Any]:
    known = [value for value in values if value is not None]
    changes = trend.changes
    drawn = sparkline.lines(values, low=low, high=high, breaks=changes) if len(known) > 1 else []
    return {
        "lines": [polyline(line) for line in drawn],
        # As text: a page in French would write a comma, which is no number in SVG.
        "last": [str(place) for place in drawn[-1][-1]] if drawn else None,
        "width": sparkline.WIDTH,
        "height": sparkline.HEIGHT,
        # Where the version changed, with the day in words
        "changes": [
            (str(sparkline.place(i, len(values))), day_and_month(trend.first + timedelta(days=i))) for i in changes
        ],
        "label": _in_words(what, values, trend.first, changes),
    }


def _in_words(what: str, values: Sequence[int | None], first: date, changes: Sequence[int]) -> str:
    """Describe a line of days from `first` on; of several versions, only what the last one says."""
    since = changes[-1] if changes else 0
    known = [value for value in values[since:] if value is not None]
    if not known:
        return ""
    if changes:
        text = gettext(
            "%(what)s since the model changed on %(day)s: from %(first)s to %(last)s, lowest %(low)s, highest %(high)s"
        )
    else:
        text = gettext("%(what)s in %(days)s days: from %(first)s to %(last)s, lowest %(low)s, highest %(high)s")
    return text % {
        "what": what,
        "day": day_and_month(first + timedelta(days=since)),
        "days": number(len(values) - 1),
        "first": whole(known[0]),
        "last": whole(known[-1]),
        "low": whole(min(known)),
        "high": whole(max(known)),
    }


@register.inclusion_tag("scoring/score_history_chart.html")
def history_chart(history: History, today: date, name: str) -> dict[str, Any]:
    """Draw health or engagement over a year, with the days on which the version changed."""
    known = [value for value in score_history_chart.values_by_day(history, today, name) if value is not None]
    low, high = (0, 10_000) if name == "health" else (min([0, *known]), max([10_000, *known]))
    what = gettext("Health") if name == "health" else gettext("Engagement")
    drawn = score_history_chart.chart(history, today, name, low=low, high=high)
    first, changes = today - timedelta(days=score_history_chart.SPAN), score_history_chart.changes(history, today)
    label = _in_words(what, score_history_chart.values_by_day(history, today, name), first, changes)
    return {**drawn, "what": what, "label": label}
