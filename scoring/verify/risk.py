"""Who is at risk, and what past days come to by a later version, against the scores they follow from.

The scores themselves are compared with the log beside this (scoring.verify.scores).
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

from customers.models import Changed, Customer
from scoring.models import Compared, EngagementBand
from scoring.risk.signals import FALL_DAYS, GRAVE_FALL
from scoring.runs import recompute, thinning
from scoring.verify.engines import Engines
from scoring.verify.report import Difference, Report
from scoring.verify.tables import LOG

# In SQL, beside the Python that wrote it: red, or fallen; in place of an unknown health a band of engagement.
_IN_DANGER = """
    CASE WHEN {row}.health_band IS NOT DISTINCT FROM 'new' THEN false
         WHEN {row}.health IS NULL THEN COALESCE({row}.engagement_band = ANY(%(dangers)s), false)
         ELSE {row}.health_band = 'red' OR COALESCE({before} - {row}.health >= %(fall)s, false) END
"""
# The health of FALL_DAYS before by the version of the row: of its history, or computed for it.
_BEFORE = """
    LEFT JOIN scoring_scorehistory AS past ON past.customer_id = {row}.customer_id AND past.day = {row}.{day} - %(days)s
    LEFT JOIN scoring_compared AS other
        ON other.customer_id = past.customer_id AND other.day = past.day AND other.model_id = {row}.model_id
"""
_HEALTH = "CASE WHEN past.model_id = {row}.model_id THEN past.health ELSE other.health END"
_CURRENT = f"""
    SELECT score.customer_id, score.health_before, {_HEALTH.format(row="score")}, score.at_risk,
           {_IN_DANGER.format(row="score", before=_HEALTH.format(row="score"))}
    FROM scoring_currentscore AS score {_BEFORE.format(row="score", day="as_of")}
    WHERE score.customer_id = ANY(%(customers)s)
"""  # noqa: S608
# What another version made of a day is forgotten after a month: of days whose past is not there, nothing is said.
_HISTORY = f"""
    SELECT history.customer_id, history.day, history.at_risk
    FROM scoring_scorehistory AS history {_BEFORE.format(row="history", day="day")}
    WHERE history.customer_id = ANY(%(customers)s) AND history.at_risk IS NOT NULL AND history.day >= %(since)s
      AND (past.day IS NULL OR past.model_id = history.model_id OR other.day IS NOT NULL)
      AND history.at_risk <> {_IN_DANGER.format(row="history", before=_HEALTH.format(row="history"))}
"""  # noqa: S608


class Risk:
    """Compares who is at risk, and what past days come to."""

    def __init__(self, report: Report, engines: Engines, last_closed: date | None) -> None:
        self._report, self._engines = report, engines
        # Before, the day of FALL_DAYS earlier may have been thinned out.
        oldest = (last_closed or date.min).toordinal() - thinning.KEPT_DAILY.days + FALL_DAYS
        self._since = date.fromordinal(max(1, oldest))

    def check(self, customers: Sequence[int]) -> None:
        """Compare what is stored of these customers. Four queries, and what past days need."""
        self._compared(customers)
        self._current(customers)
        for customer, day, stored in self._rows(_HISTORY, customers):
            where = f"of customer {customer} on {day}"
            self._report.add(Difference("At risk in the history", where, stored, not stored))

    def _compared(self, customers: Sequence[int]) -> None:
        stored: dict[int, dict[date, dict[int, tuple[int | None, int | None]]]] = defaultdict(lambda: defaultdict(dict))
        rows = Compared.objects.filter(customer__in=customers)
        for customer, day, model, *of_day in rows.values_list("customer", "day", "model", "engagement", "health"):
            stored[model][day][customer] = (of_day[0], of_day[1])
        for model, of_days in stored.items():
            batch_engine = self._engines.load(model)
            first, last = min(of_days), max(of_days)
            for day, scores in recompute.over_days(batch_engine, customers, first, last, LOG, only=of_days):
                derived = {customer: (engagement, health) for customer, engagement, health in scores.numbers()}
                for customer, numbers in of_days[day].items():
                    self._report.compared["past days by a later version"] += 1
                    if numbers != derived.get(customer):
                        where = f"of customer {customer} on {day} by version {model}"
                        self._report.add(Difference("Past score", where, numbers, derived.get(customer)))

    def _current(self, customers: Sequence[int]) -> None:
        followed = set(Customer.objects.followed().filter(pk__in=customers).values_list("pk", flat=True))
        changed = set(Changed.objects.filter(customer__in=customers).values_list("customer", flat=True))
        for customer, before, derived_before, at_risk, is_in_danger in self._rows(_CURRENT, customers):
            if customer in changed:
                continue  # said to be pending where its score is compared
            stored, derived = (before, at_risk), (derived_before, is_in_danger and customer in followed)
            if stored != derived:
                self._report.add(Difference("Health before, and risk", f"of customer {customer}", stored, derived))

    def _rows(self, query: str, customers: Sequence[int]) -> list[tuple[int, ...]]:
        params: dict[str, Any] = {
            "customers": list(customers),
            "dangers": [band.value for band in EngagementBand.in_danger()],
            "fall": GRAVE_FALL,
            "days": FALL_DAYS,
            "since": self._since,
        }
        with connection.cursor() as cursor:
            cursor.execute(query, params)
            return cursor.fetchall()
