"""The tables of a back-test: each with its words, its cells as shown, and its raw numbers for the download."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.templatetags.show import NOTHING, day, number
from events import catalogue
from scoring.backtest.sums import NO_HALF_LIFE
from scoring.models import BackTest, EngagementBand, HealthBand
from scoring.views.back_test_cells import Cell, Table, bar, hundredths, interval, raw, spanned
from scoring.views.back_test_words import about, decimal, share, signed

OUTCOMES_PER_WEIGHT = 10  # fewer, and a regression finds patterns in noise (Peduzzi and others, 1996)


def tables(job: BackTest) -> list[Table]:
    """Return the tables there are, in the order a reader needs them; only the days where figures are refused."""
    if job.result["refused"]:
        return [_days(job)]
    made: list[Callable[[BackTest], Table | None]] = [
        _contenders, _lift, _bands, _half_lives, _weights, _days,
    ]  # fmt: skip
    return [table for make in made if (table := make(job)) is not None]


def _who(job: BackTest) -> dict[str, str]:
    numbers = {"health": _("health"), "engagement": _("engagement")}
    judged = numbers.pop(job.judged)
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


def _contenders(job: BackTest) -> Table:
    names, found = _who(job), job.result["contenders"]
    base = job.result["base"][0]
    rows = [
        [
            Cell(names[one["who"]], is_number=False),
            Cell(interval(one["auc"], decimal), figure=spanned(one["auc"], 0.3, 1.0, 0.5)),
            Cell(interval(one["lead"], signed)),
            Cell(about(one["found"])),
            Cell(share(one["precision"])),
            Cell(share(one["recall"])),
        ]
        for one in found
    ]
    numbers = [
        [names[one["who"]], *raw(one["auc"]), *raw(one["lead"]), one["found"], one["precision"], one["recall"]]
        for one in found
    ]
    calls = job.result["calls"]
    said = {"base": share(base), "called": number(calls["called"]), "happened": number(calls["happened"])}
    return Table(
        "comparison",
        _("How well each ranks"),
        _(
            "AUC: in how many of all pairs, one to whom it came and one to whom it did not, the first is ranked nearer"
            " to danger; 1 is always, 0.5 is chance (the thin line). In brackets and as a line: the 95 per cent"
            " interval, which knows that the same customer stands on several days. Lead: the AUC of this version less"
            " the other’s, with an interval of its own; where it contains 0, no difference can be told."
        )
        + " "
        + _(
            "Precision: of %(called)s calls to those ranked nearest to danger, the share that reached somebody to whom"
            " it came. Recall: of the %(happened)s times it came, the share that these calls reached. By chance"
            " precision would be the base rate, %(base)s."
        )
        % said,
        [_("What ranks"), _("AUC"), _("Lead of this version"), _("Found"), _("Precision"), _("Recall")],
        rows,
        ["what", "auc", "auc_low", "auc_high", "lead", "lead_low", "lead_high", "found", "precision", "recall"],
        numbers,
    )


def _lift(job: BackTest) -> Table:
    found = job.result["lift"]
    most = max(one[3] for one in found)
    return Table(
        "lift",
        _("Lift by tenth"),
        _(
            "On each day the customers are ranked and cut into tenths, those nearest to danger first. Lift: the share"
            " to whom it came, over everybody’s; 1 (the thin line) is no better than anybody. A good score falls from"
            " the top to the bottom. Where scores tie at a cut, each side gets its part."
        ),
        [_("Tenth"), _("Scores"), _("It came to"), _("Share"), _("Lift")],
        [
            [
                Cell(number(tenth)),
                Cell(about(rows)),
                Cell(about(came)),
                Cell(share(came / rows if rows else 0)),
                Cell(decimal(lift, 2), figure=bar(lift, most, 1.0)),
            ]
            for tenth, rows, came, lift in found
        ],
        ["tenth", "scores", "outcomes", "lift"],
        [list(one) for one in found],
    )


def _bands(job: BackTest) -> Table:
    words = {**dict(EngagementBand.choices), **dict(HealthBand.choices)}
    found = job.result["bands"]
    most = max([one[2] for band in found for one in (band["share"], band["expected"]) if one and band["rows"]] or [1.0])
    return Table(
        "bands",
        _("What each band meant"),
        _(
            "Expected: the share to whom it came in this band on the earlier days. Found: the share on the days that"
            " judge (the bar; the thin line is everybody’s). A band means something when both agree and the bands"
            " differ."
        ),
        [_("Band"), _("Scores"), _("It came to"), _("Expected"), _("Found")],
        [
            [
                Cell(str(words[band["band"]]), is_number=False),
                Cell(number(band["rows"])),
                Cell(number(band["outcomes"])),
                Cell(interval(band["expected"], share)),
                Cell(
                    interval(band["share"], share),
                    figure=bar(band["share"][0], most, job.result["base"][0]) if band["share"] else None,
                ),
            ]
            for band in found
        ],
        ["band", "scores", "outcomes", "expected", "expected_low", "expected_high", "share", "share_low", "share_high"],
        [[band["band"], band["rows"], band["outcomes"], *raw(band["expected"]), *raw(band["share"])] for band in found],
    )


def half_life_word(half_life: int) -> str:
    return _("None") if half_life == NO_HALF_LIFE else number(half_life)


def _half_lives(job: BackTest) -> Table:
    found, chosen = job.result["half_lives"], job.result["suggestion"].get("half_life")

    def named(one: dict[str, Any]) -> str:
        name = half_life_word(one["half_life"])
        if one["own"]:
            name = _("%(half_life)s, this version’s") % {"half_life": name}
        return _("%(half_life)s, suggested") % {"half_life": name} if one["half_life"] == chosen else name

    return Table(
        "half-lives",
        _("Half-life"),
        _(
            "Engagement by the version’s own points, had the half-life been another: an event this many days old counts"
            " half. The suggested one makes the outcomes of the earlier days likeliest, with weights fitted to it; the"
            " days that judge had no say in it. Weights with a half-life of their own keep it."
        ),
        [_("Half-life in days"), _("AUC, earlier days"), _("AUC, days that judge"), _("Lead over this version’s")],
        [
            [
                Cell(named(one), is_number=False),
                Cell(NOTHING if one["auc_fit"] is None else decimal(one["auc_fit"])),
                Cell(interval(one["auc"], decimal), figure=spanned(one["auc"], 0.3, 1.0, 0.5)),
                Cell(interval(one["lead"], signed)),
            ]
            for one in found
        ],
        ["half_life", "auc_earlier", "auc", "auc_low", "auc_high", "lead", "lead_low", "lead_high"],
        [[one["half_life"] or "none", one["auc_fit"], *raw(one["auc"]), *raw(one["lead"])] for one in found],
    )


_NO_WEIGHTS = {
    "no days": gettext_lazy("No weights are suggested: no day’s horizon was over before the days that judge began."),
    "few": gettext_lazy("No weights are suggested: the outcome was too rare on the earlier days (at least 50 needed)."),
    "all": gettext_lazy("No weights are suggested: on the earlier days, the outcome came to everybody."),
    "no fit": gettext_lazy("No weights are suggested: none were found that fit best."),
}


def _weights(job: BackTest) -> Table:
    found = job.result["suggestion"]
    weights = sorted(found.get("weights", []), key=lambda one: -abs(one["points"]))
    most = max([abs(v) for one in weights for v in (one["low"], one["high"]) if v is not None] or [1.0])

    def told(one: dict[str, Any]) -> str:
        if one["held"]:
            return _("Held at 0 by its limit")
        certain = one["low"] is not None and (one["low"] > 0 or one["high"] < 0)
        return "" if certain else _("Cannot be told from 0")

    return Table(
        "weights",
        _("Suggested weights"),
        _(
            "Found on the earlier days by a logistic regression that is held back a little towards 0. 100 points are a"
            " change of the odds by a factor of 2.72 for one event of today; a good sign is above 0. In brackets: the"
            " 95 per cent interval. They are a suggestion: what goes together is not what causes, and what colleagues"
            " did about a bad sign hides how bad it is. You decide."
        ),
        [_("Event type"), _("Points now"), _("Suggested points"), _("Remark")],
        [
            [
                Cell(catalogue.label(one["name"]), is_number=False),
                Cell(hundredths(one["points_now"])),
                Cell(
                    _points(one),
                    figure=None
                    if one["low"] is None
                    else spanned([one["points"], one["low"], one["high"]], -most, most, 0.0),
                ),
                Cell(told(one), is_number=False),
            ]
            for one in weights
            if not one["idle"]
        ],
        ["event_type", "points_now", "suggested", "low", "high"],
        [[one["name"], one["points_now"], one["points"], one["low"], one["high"]] for one in weights],
        more=f"{_never_differed(sum(one['idle'] for one in weights))} {_many_weights(found)}".strip(),
        note=str(_NO_WEIGHTS[found["refused"]]) if found.get("refused") else "",
    )


def _never_differed(types: int) -> str:
    if not types:
        return ""
    return ngettext(
        "%(types)s event type never differed on these days: nothing is known of it; 0 points are suggested.",
        "%(types)s event types never differed on these days: nothing is known of them; 0 points are suggested.",
        types,
    ) % {"types": number(types)}


def _many_weights(found: dict[str, Any]) -> str:
    weights = sum(not one["idle"] for one in found.get("weights", []))
    if weights * OUTCOMES_PER_WEIGHT <= found.get("outcomes", 0):
        return ""
    said = {"weights": number(weights), "outcomes": number(found.get("outcomes", 0))}
    return (
        _(
            "These are %(weights)s weights found from %(outcomes)s customers to whom it came: few for so many. Believe"
            " no number, and only those signs whose interval is well away from 0; better, test a version with fewer"
            " weights."
        )
        % said
    )


def _points(one: dict[str, Any]) -> str:
    if one["low"] is None:
        return hundredths(one["points"])
    return interval([one["points"], one["low"], one["high"]], hundredths)


def _days(job: BackTest) -> Table:
    roles = {
        "fit": _("Earlier: half-life, weights and expected shares are chosen on it"),
        "gap": _("Left out: its horizon reaches into the days that judge"),
        "judge": _("Judges"),
        "immature": _("Left out: its horizon is not over"),
    }
    found = job.result["days"]
    return Table(
        "days",
        _("The days"),
        _(
            "On each day the scores were made as they would have been then, from what was known at its close. Time"
            " alone divides the days: the later ones judge, and nothing that was chosen has seen them."
        ),
        [_("Day"), _("What for"), _("Customers"), _("It came to"), _("No score"), _("Archived before the end")],
        [
            [
                Cell(day(date.fromisoformat(one["day"])), is_number=False),
                Cell(roles[one["role"]], is_number=False),
                Cell(number(one["customers"])),
                *(
                    Cell(NOTHING if one["role"] == "immature" else number(one[name]))
                    for name in ("outcomes", "unknown", "lost")
                ),
            ]
            for one in found
        ],
        ["day", "role", "customers", "outcomes", "unknown", "lost"],
        [[one[name] for name in ("day", "role", "customers", "outcomes", "unknown", "lost")] for one in found],
    )
