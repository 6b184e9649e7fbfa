"""What a back-test found, in sentences that claim no more than the numbers do."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from babel import numbers as spoken
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.show import locale, long_day, number
from scoring.backtest.fitting import LEAST_OUTCOMES
from scoring.backtest.split import Role
from scoring.models import BackTest

Interval = list[float]


def decimal(value: float, digits: int = 3) -> str:
    return spoken.format_decimal(round(value, digits), f"0.{'0' * digits}", locale=locale()).replace("-", "−")


def about(value: float) -> str:
    """Say a number of customers: whole, or with one decimal where a tie shared somebody out."""
    return number(round(value)) if abs(value - round(value)) < 0.05 else decimal(value, 1)


def share(value: float) -> str:
    return spoken.format_percent(value, "0.0 %" if locale().language != "en" else "0.0%", locale=locale())


def question(job: BackTest) -> str:
    """Say what was asked, in one line."""
    numbers = {"horizon": number(job.horizon), "quiet": number(job.quiet_days), "fall": number(job.least_fall)}
    if job.outcome == BackTest.Outcome.CHURNED:
        return _("Churned within %(horizon)s days") % numbers
    if job.outcome == BackTest.Outcome.QUIET:
        return _("Who had no activity in the last %(quiet)s of the following %(horizon)s days") % numbers
    if job.least_fall:
        return _("Whose monthly revenue was lower by %(fall)s %% or more after %(horizon)s days") % numbers
    return _("Whose monthly revenue was lower after %(horizon)s days") % numbers


def population(job: BackTest) -> str:
    """Say whom a segment's version was tested on and what it was compared with; "" for a version of everybody."""
    if (segment := job.inputs.get("segment")) is None:
        return ""
    tested, current = job.inputs["versions"]["tested"], job.inputs["versions"]["current"]
    numbers = {"segment": segment["name"], "customers": number(job.inputs["customers"]), "version": current["version"]}
    who = (
        ngettext(
            "Tested on the %(customers)s customer who is in the segment “%(segment)s” as it stands now, on each of the"
            " past days.",
            "Tested on the %(customers)s customers who are in the segment “%(segment)s” as it stands now, on each of"
            " the past days.",
            job.inputs["customers"],
        )
        % numbers
    )
    if tested["version"] == current["version"]:
        return who
    if current["segment"] is None:
        against = _("Compared with version %(version)s, the model for all customers, which scores this segment now.")
    else:
        against = _("Compared with version %(version)s, the segment’s current version.")
    return f"{who} {against % numbers}"


def problem(job: BackTest) -> str:
    """Say why a back-test failed, or why it says nothing."""
    if job.state == BackTest.State.FAILED:
        return {
            "changed": _("The version was edited, or another one published, while it was tested. Start again."),
            "no model": _("The version is gone, or none is published to compare it with."),
            "segment scores": _(
                "The version’s segment filters by scores. Today’s scores already know the outcome, so a test on these"
                " customers would say nothing. Use a segment of fields and contracts only."
            ),
        }.get(job.problem, _("It failed several times in the same place. The server’s log says why."))
    refused = job.result.get("refused", "")
    numbers = {"found": number(job.result.get("outcomes", 0)), "least": number(LEAST_OUTCOMES)}
    return {
        "": "",
        "few": _(
            "No figures: on the later dates, %(found)s customers had the outcome, and at least %(least)s are needed."
            " With fewer, the result would be mostly chance. Try a longer horizon, or more dates."
        )
        % numbers,
        "all": _("No figures: every customer had the outcome, so there is nothing to rank."),
        "nobody": _("No figures: on no date whose horizon is over did a customer have a score."),
    }[refused]


def sentences(job: BackTest) -> list[str]:
    """Return the sentences above the tables, the plainest first; none where the back-test refuses to say anything."""
    if job.result["refused"]:
        return []
    return [_calls(job), _ranks(job), *_against(job)]


def _calls(job: BackTest) -> str:
    made = job.result["calls"]
    numbers = {
        "called": number(made["called"]),
        "found": about(made["found"]),
        "chance": about(made["by_chance"]),
        "horizon": number(job.horizon),
        "days": number(made["days"]),
        "each": number(made["each_day"]),
        "lowest": _("the lowest health") if job.judged == "health" else _("the lowest engagement"),
        "day": long_day(date.fromisoformat(_judging(job)[-1])),
    }
    sentences = _calls_of_one_day() if made["days"] == 1 else _calls_of_days()
    return sentences[job.outcome] % numbers


def _calls_of_one_day() -> dict[str, str]:
    return {
        "churned": _(
            "Of the %(called)s customers with %(lowest)s on %(day)s, %(found)s left within %(horizon)s days; by"
            " chance it would have been %(chance)s."
        ),
        "quiet": _(
            "Of the %(called)s customers with %(lowest)s on %(day)s, %(found)s went silent within %(horizon)s days;"
            " by chance it would have been %(chance)s."
        ),
        "revenue": _(
            "Of the %(called)s customers with %(lowest)s on %(day)s, %(found)s paid less after %(horizon)s days; by"
            " chance it would have been %(chance)s."
        ),
    }


def _calls_of_days() -> dict[str, str]:
    return {
        "churned": _(
            "Had the team called the %(each)s customers with %(lowest)s on each of %(days)s days, %(found)s of these"
            " %(called)s calls would have reached somebody who left within %(horizon)s days; by chance it would have"
            " been %(chance)s."
        ),
        "quiet": _(
            "Had the team called the %(each)s customers with %(lowest)s on each of %(days)s days, %(found)s of these"
            " %(called)s calls would have reached somebody who went silent within %(horizon)s days; by chance it would"
            " have been %(chance)s."
        ),
        "revenue": _(
            "Had the team called the %(each)s customers with %(lowest)s on each of %(days)s days, %(found)s of these"
            " %(called)s calls would have reached somebody who paid less after %(horizon)s days; by chance it would"
            " have been %(chance)s."
        ),
    }


def _ranks(job: BackTest) -> str:
    value, low, high = _contender(job, "tested")["auc"]
    numbers = {"auc": decimal(value), "low": decimal(low), "high": decimal(high), "pairs": number(round(100 * value))}
    if low <= 0.5 <= high:
        text = _("No clear difference from chance: the AUC is %(auc)s (%(low)s to %(high)s), and 0.5 is chance.")
    elif high < 0.5:
        text = _("It ranks in the wrong direction: the AUC is %(auc)s (%(low)s to %(high)s), and 0.5 is chance.")
    else:
        text = _(
            "In %(pairs)s of 100 pairs of a customer with the outcome and one without, the first scores lower: the AUC"
            " is %(auc)s (%(low)s to %(high)s), and 0.5 is chance."
        )
    return text % numbers


def _against(job: BackTest) -> Iterator[str]:
    """Say whether it ranks better than the current version, and than each plain rule."""
    names = {
        "current": _("the current version"),
        "rule_quiet": _("the rule “days since last activity”"),
        "rule_events": _("the rule “number of events”"),
    }
    for who, name in names.items():
        lead = next((contender["lead"] for contender in job.result["contenders"] if contender["who"] == who), None)
        if lead is not None:
            yield _lead(lead) % {
                "other": name,
                "lead": signed(lead[0]),
                "low": signed(lead[1]),
                "high": signed(lead[2]),
            }


def _lead(lead: Interval) -> str:
    if lead[1] > 0:
        return _("It ranks better than %(other)s: the AUC is higher by %(lead)s (%(low)s to %(high)s).")
    if lead[2] < 0:
        return _("It ranks worse than %(other)s: the AUC differs by %(lead)s (%(low)s to %(high)s).")
    return _("No clear difference from %(other)s: the AUC differs by %(lead)s (%(low)s to %(high)s), which contains 0.")


def signed(value: float, digits: int = 3) -> str:
    return ("+" if round(value, digits) > 0 else "") + decimal(value, digits)


def left_out(job: BackTest) -> list[str]:
    """Say which scores count and which were left out, with numbers."""
    gone, days = job.result["left_out"], job.result["days"]
    judging = [day for day in days if day["role"] == Role.JUDGE]
    lines = []
    if gone["immature_days"]:
        numbers = {"days": number(gone["immature_days"]), "rows": number(gone["immature"])}
        lines.append(
            ngettext(
                "%(days)s date is left out: its horizon is not over, so the outcome is not known yet (%(rows)s"
                " scores).",
                "%(days)s dates are left out: their horizon is not over, so the outcome is not known yet (%(rows)s"
                " scores).",
                gone["immature_days"],
            )
            % numbers
        )
    if judging:
        numbers = {"rows": number(job.result["rows"]), "days": number(len(judging))}
        lines.append(
            ngettext(
                "Tested: %(rows)s scores on %(days)s date; %(found)s of these customers had the outcome.",
                "Tested: %(rows)s scores on %(days)s dates; %(found)s of these customers had the outcome.",
                len(judging),
            )
            % {**numbers, "found": number(job.result["outcomes"])}
        )
    if gone["unknown"]:
        numbers = {"rows": number(gone["unknown"]), "found": number(gone["unknown_outcomes"])}
        lines.append(
            _("%(rows)s had no score; %(found)s of them had the outcome. They are not in the figures.") % numbers
        )
    if gone["lost"]:
        lines.append(
            _("%(rows)s were archived before the horizon was over: their outcome is unknown, and they are left out.")
            % {"rows": number(gone["lost"])}
        )
    return lines


def _contender(job: BackTest, who: str) -> dict[str, Any]:
    return next(contender for contender in job.result["contenders"] if contender["who"] == who)


def _judging(job: BackTest) -> list[str]:
    return [day["day"] for day in job.result["days"] if day["role"] == Role.JUDGE]
