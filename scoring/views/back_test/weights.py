"""Tables of what the earlier dates suggest: half-lives and weights."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.templatetags.show import NOTHING, number
from events import catalogue
from scoring.backtest.sums import NO_HALF_LIFE
from scoring.models import BackTest
from scoring.views.back_test.cells import (
    Column,
    Figure,
    Row,
    Table,
    hundredths,
    raw,
    raw_interval,
    show_interval,
    spanned,
)
from scoring.views.back_test.words import decimal, signed

OUTCOMES_PER_WEIGHT = 10  # fewer, and a regression finds patterns in noise (Peduzzi and others, 1996)


def half_lives(job: BackTest) -> Table:
    """Return how well engagement would have ranked with each half-life."""
    chosen = job.result["suggestion"].get("half_life")

    def name(row: Row) -> str:
        text = _("None") if row["half_life"] == NO_HALF_LIFE else number(row["half_life"])
        if row["own"]:
            text = _("%(half_life)s, this version’s") % {"half_life": text}
        return _("%(half_life)s, suggested") % {"half_life": text} if row["half_life"] == chosen else text

    return Table(
        name="half-lives",
        title=_("Half-life"),
        text=_(
            "Engagement by the version’s own points with another half-life: an event this many days old counts half."
            " The suggested half-life fits the outcomes of the earlier dates best, with weights fitted to it; the later"
            " dates had no influence on it. Weights with a half-life of their own keep it."
        ),
        columns=[
            Column(
                _("Half-life in days"), name, {"half_life": lambda row: row["half_life"] or "none"}, is_number=False
            ),
            Column(
                _("AUC, earlier dates"),
                lambda row: NOTHING if row["auc_fit"] is None else decimal(row["auc_fit"]),
                raw("auc_earlier", "auc_fit"),
            ),
            Column(
                _("AUC, later dates"),
                lambda row: show_interval(row["auc"], decimal),
                raw_interval("auc"),
                lambda row: spanned(row["auc"], 0.3, 1.0, 0.5),
            ),
            Column(_("Lead over this version’s"), lambda row: show_interval(row["lead"], signed), raw_interval("lead")),
        ],
        data=job.result["half_lives"],
    )


_NO_WEIGHTS = {
    "no days": gettext_lazy("No weights are suggested: no date’s horizon was over before the later dates began."),
    "few": gettext_lazy("No weights are suggested: too few outcomes on the earlier dates (at least 50 needed)."),
    "all": gettext_lazy("No weights are suggested: on the earlier dates, every customer had the outcome."),
    "no fit": gettext_lazy("No weights are suggested: the regression found no best fit."),
}


def suggested_weights(job: BackTest) -> Table:
    """Return the suggested points, the largest first, or why there are none."""
    suggestion = job.result["suggestion"]
    weights = sorted(suggestion.get("weights", []), key=lambda row: -abs(row["points"]))
    # One scale for all rows, even on both sides of 0, so that their lines can be compared.
    most = max([abs(end) for row in weights for end in (row["low"], row["high"]) if end is not None] or [1.0])

    def figure(row: Row) -> Figure | None:
        return None if row["low"] is None else spanned(_interval(row), -most, most, 0.0)

    never_differed = sum(row["idle"] for row in weights)
    return Table(
        name="weights",
        title=_("Suggested weights"),
        text=_(
            "Fitted on the earlier dates by a logistic regression with a small penalty towards 0. 100 points change the"
            " odds by a factor of 2.72 for one event of today; a good sign is above 0. In brackets: the 95 per cent"
            " interval. They are a suggestion: correlation is not cause, and what colleagues did about a bad sign hides"
            " how bad it is."
        ),
        columns=[
            Column(
                _("Event type"), lambda row: catalogue.label(row["name"]), raw("event_type", "name"), is_number=False
            ),
            Column(_("Current points"), lambda row: hundredths(row["points_now"]), raw("points_now")),
            Column(
                _("Suggested points"),
                lambda row: (
                    hundredths(row["points"]) if row["low"] is None else show_interval(_interval(row), hundredths)
                ),
                {**raw("suggested", "points"), **raw("low"), **raw("high")},
                figure,
            ),
            Column(_("Remark"), _remark, is_number=False),
        ],
        data=weights,
        is_shown=lambda row: not row["idle"],
        more=f"{_never_differed(never_differed)} {_many_weights(suggestion)}".strip(),
        note=str(_NO_WEIGHTS[suggestion["refused"]]) if suggestion.get("refused") else "",
    )


def _interval(weight: Row) -> list[float]:
    return [weight["points"], weight["low"], weight["high"]]


def _remark(weight: Row) -> str:
    if weight["held"]:
        return _("Held at 0 by its limit")
    is_clear = weight["low"] is not None and (weight["low"] > 0 or weight["high"] < 0)
    return "" if is_clear else _("Not clearly different from 0")


def _never_differed(types: int) -> str:
    if not types:
        return ""
    return ngettext(
        "%(types)s event type never varied on these dates, so nothing is known about it; 0 points are suggested.",
        "%(types)s event types never varied on these dates, so nothing is known about them; 0 points are suggested.",
        types,
    ) % {"types": number(types)}


def _many_weights(suggestion: dict[str, Any]) -> str:
    """Warn when there are fewer than OUTCOMES_PER_WEIGHT customers with the outcome for each weight."""
    weights = sum(not row["idle"] for row in suggestion.get("weights", []))
    outcomes = suggestion.get("outcomes", 0)
    if weights * OUTCOMES_PER_WEIGHT <= outcomes:
        return ""
    return _(
        "These %(weights)s weights were fitted from %(outcomes)s customers with the outcome: too few for so many. Trust"
        " no single number, and only signs whose interval is well away from 0; better, test a version with fewer"
        " weights."
    ) % {"weights": number(weights), "outcomes": number(outcomes)}
