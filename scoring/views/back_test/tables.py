"""Which tables a back-test's page has, and the one of its test dates."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from core.templatetags.show import NOTHING, day, number
from scoring.models import BackTest
from scoring.views.back_test import ranking, weights
from scoring.views.back_test.cells import Column, Row, Table, raw


def tables(job: BackTest) -> list[Table]:
    """Return the tables there are, in the order a reader needs them; only the dates where figures are refused."""
    if job.result["refused"]:
        return [_dates(job)]
    return [
        ranking.contenders(job),
        ranking.lift(job),
        ranking.bands(job),
        weights.half_lives(job),
        weights.suggested_weights(job),
        _dates(job),
    ]


def _dates(job: BackTest) -> Table:
    roles = {
        "fit": _("Fitting: half-life, weights, expected shares"),
        "gap": _("Left out: its horizon reaches into the later dates"),
        "judge": _("Testing"),
        "immature": _("Left out: its horizon is not over"),
    }

    def count(name: str) -> Callable[[Row], str]:
        return lambda row: NOTHING if row["role"] == "immature" else number(row[name])

    return Table(
        name="days",
        title=_("Test dates"),
        text=_(
            "On each date the scores were computed from what was known at its close. The earlier dates are used for"
            " fitting, the later ones only for testing."
        ),
        columns=[
            Column(_("Day"), lambda row: day(date.fromisoformat(row["day"])), raw("day"), is_number=False),
            Column(_("Use"), lambda row: roles[row["role"]], raw("role"), is_number=False),
            Column(_("Customers"), lambda row: number(row["customers"]), raw("customers")),
            Column(_("Outcomes"), count("outcomes"), raw("outcomes")),
            Column(_("No score"), count("unknown"), raw("unknown")),
            Column(_("Archived before the end"), count("lost"), raw("lost")),
        ],
        data=job.result["days"],
    )
