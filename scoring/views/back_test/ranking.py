"""Tables of how well scores and plain rules rank the customers: AUC and calls, lift, bands."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.templatetags.show import number
from scoring.models import BackTest, EngagementBand, HealthBand
from scoring.views.back_test.cells import Column, Figure, Row, Table, bar, raw, raw_interval, show_interval, spanned
from scoring.views.back_test.words import about, decimal, share, signed


def contenders(job: BackTest) -> Table:
    """Return what ranks, the tested version first, with AUC, lead and calls."""
    names = _contender_names(job)
    return Table(
        name="comparison",
        title=_("How well each ranks"),
        text=f"{_auc_text()} {_calls_text(job)}",
        columns=[
            Column(
                _("What ranks"), lambda row: names[row["who"]], {"what": lambda row: names[row["who"]]}, is_number=False
            ),
            Column(
                _("AUC"),
                lambda row: show_interval(row["auc"], decimal),
                raw_interval("auc"),
                lambda row: spanned(row["auc"], 0.3, 1.0, 0.5),
            ),
            Column(_("Lead of this version"), lambda row: show_interval(row["lead"], signed), raw_interval("lead")),
            Column(_("Found"), lambda row: about(row["found"]), raw("found")),
            Column(_("Precision"), lambda row: share(row["precision"]), raw("precision")),
            Column(_("Recall"), lambda row: share(row["recall"]), raw("recall")),
        ],
        data=job.result["contenders"],
    )


def _contender_names(job: BackTest) -> dict[str, str]:
    numbers = {"health": _("health"), "engagement": _("engagement")}
    judged = numbers.pop(job.judged)
    # The report names them by their part in the test, because the judged number may be either.
    (other,) = numbers.values()
    return {
        "tested": _("This version, %(number)s") % {"number": judged},
        "tested_other": _("This version, %(number)s") % {"number": other},
        "current": _("Current version, %(number)s") % {"number": judged},
        "current_other": _("Current version, %(number)s") % {"number": other},
        "rule_quiet": _("Rule: days since last activity"),
        "rule_events": _("Rule: number of events"),
        "suggested": _("Suggested weights, engagement"),
    }


def _auc_text() -> str:
    return _(
        "AUC: of all pairs of one customer with the outcome and one without, the share in which the first is ranked"
        " closer to danger; 1 is always, 0.5 is chance (the thin line). In brackets and as a line: the 95 per cent"
        " interval, which allows for the same customer appearing on several dates. Lead: the AUC of this version minus"
        " the other’s; where its interval contains 0, there is no clear difference."
    )


def _calls_text(job: BackTest) -> str:
    calls = job.result["calls"]
    numbers = {
        "base": share(job.result["base"][0]),
        "called": number(calls["called"]),
        "happened": number(calls["happened"]),
    }
    return (
        _(
            "Precision: of %(called)s calls to the customers ranked closest to danger, the share that reached one with"
            " the outcome. Recall: of %(happened)s outcomes, the share that these calls reached. By chance, precision"
            " would be the base rate, %(base)s."
        )
        % numbers
    )


def lift(job: BackTest) -> Table:
    """Return each tenth's share of outcomes, beside the share of all."""
    data = [
        {"tenth": tenth, "scores": scores, "outcomes": outcomes, "lift": times}
        for tenth, scores, outcomes, times in job.result["lift"]
    ]
    most = max(row["lift"] for row in data)
    return Table(
        name="lift",
        title=_("Lift by decile"),
        text=_(
            "On each date the customers are ranked and cut into tenths, those closest to danger first. Lift: the share"
            " with the outcome, divided by the share among all; 1 (the thin line) is no better than chance. A good"
            " score falls from top to bottom. Customers tied at a cut are divided between both sides."
        ),
        columns=[
            Column(_("Decile"), lambda row: number(row["tenth"]), raw("tenth")),
            Column(_("Scores"), lambda row: about(row["scores"]), raw("scores")),
            Column(_("Outcomes"), lambda row: about(row["outcomes"]), raw("outcomes")),
            Column(_("Share"), lambda row: share(row["outcomes"] / row["scores"] if row["scores"] else 0)),
            Column(
                _("Lift"), lambda row: decimal(row["lift"], 2), raw("lift"), lambda row: bar(row["lift"], most, 1.0)
            ),
        ],
        data=data,
    )


def bands(job: BackTest) -> Table:
    """Return each band's share of outcomes on the later dates, beside what the earlier ones made one expect."""
    words = {**dict(EngagementBand.choices), **dict(HealthBand.choices)}
    data = job.result["bands"]
    most = max([*_upper_ends(data), 0.0]) or 1.0

    def figure(row: Row) -> Figure | None:
        return bar(row["share"][0], most, job.result["base"][0]) if row["share"] else None

    return Table(
        name="bands",
        title=_("What each band meant"),
        text=_(
            "Expected: the share with the outcome in this band on the earlier dates. Found: the share on the later"
            " dates (the bar; the thin line is the share among all). A band is meaningful when both agree and the"
            " bands differ."
        ),
        columns=[
            Column(_("Band"), lambda row: str(words[row["band"]]), raw("band"), is_number=False),
            Column(_("Scores"), lambda row: number(row["rows"]), raw("scores", "rows")),
            Column(_("Outcomes"), lambda row: number(row["outcomes"]), raw("outcomes")),
            Column(_("Expected"), lambda row: show_interval(row["expected"], share), raw_interval("expected")),
            Column(_("Found"), lambda row: show_interval(row["share"], share), raw_interval("share"), figure),
        ],
        data=data,
    )


def _upper_ends(bands: Iterable[Row]) -> list[float]:
    """Return where the intervals of the bands that have customers end, to draw all bars to one scale."""
    return [interval[2] for band in bands if band["rows"] for interval in (band["share"], band["expected"]) if interval]
