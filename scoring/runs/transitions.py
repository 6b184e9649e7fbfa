"""What changed from one day's history to the next: bands, and whether a customer is at risk. Repeatable."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

# The row before is looked back to, not joined: a join planned for a table that was nearly empty would take hours.
_HISTORY = """
    WITH history AS (
        SELECT customer_id, day, health_band, engagement_band, at_risk, lag(day) OVER past = day - 1 AS has_before,
               lag(health_band) OVER past AS health_before, lag(engagement_band) OVER past AS engagement_before,
               lag(at_risk) OVER past AS at_risk_before
        FROM scoring_scorehistory
        WHERE customer_id = ANY(%(customers)s::bigint[]) AND day BETWEEN %(first)s::date - 1 AND %(last)s::date
        WINDOW past AS (PARTITION BY customer_id ORDER BY day)
    )
"""
_BANDS = f"""
    {_HISTORY}
    INSERT INTO scoring_transition (customer_id, day, kind, band_before, band_after)
    SELECT customer_id, day, kind, kinds.before, kinds.after
    FROM history CROSS JOIN LATERAL (VALUES
        ('health', health_before, health_band), ('engagement', engagement_before, engagement_band)
    ) AS kinds (kind, before, after)
    WHERE day >= %(first)s AND has_before AND kinds.before IS DISTINCT FROM kinds.after
    ON CONFLICT DO NOTHING
"""  # noqa: S608
# A run of days at risk begins where the day before was not at risk, or is not in the history. The day after the end of
# a run is told where there was a run, also before a gap: the last row says how things stand.
_RISK = f"""
    {_HISTORY}
    INSERT INTO scoring_transition (customer_id, day, kind, band_before, band_after)
    SELECT customer_id, day, 'risk',
           CASE WHEN has_before AND at_risk_before THEN 'at_risk' END, CASE WHEN at_risk THEN 'at_risk' END
    FROM history
    WHERE day >= %(first)s
      AND CASE WHEN at_risk THEN (has_before AND at_risk_before) IS NOT TRUE
               ELSE (has_before AND at_risk_before) OR (has_before IS NOT TRUE AND EXISTS (
                   SELECT FROM scoring_transition AS earlier
                   WHERE earlier.customer_id = history.customer_id AND earlier.kind = 'risk'
                     AND earlier.day < history.day))
          END
    ON CONFLICT DO NOTHING
"""  # noqa: S608


def store(customers: Sequence[int], first: date, last: date) -> None:
    """Write the transitions to the days from `first` to `last`, whose history is written. Two statements."""
    which: dict[str, Any] = {"customers": list(customers), "first": first, "last": last}
    with connection.cursor() as cursor:
        cursor.execute(_BANDS, which)
        cursor.execute(_RISK, which)
