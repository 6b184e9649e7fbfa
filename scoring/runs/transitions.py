"""What changed from one day's history to the next: bands, and whether a customer is at risk. Repeatable."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

_BANDS = """
    INSERT INTO scoring_transition (customer_id, day, kind, band_before, band_after)
    SELECT after.customer_id, after.day, kind,
           CASE kind WHEN 'health' THEN before.health_band ELSE before.engagement_band END,
           CASE kind WHEN 'health' THEN after.health_band ELSE after.engagement_band END
    FROM scoring_scorehistory AS after
    JOIN scoring_scorehistory AS before ON before.customer_id = after.customer_id AND before.day = after.day - 1
    CROSS JOIN (VALUES ('health'), ('engagement')) AS kinds (kind)
    WHERE after.customer_id = ANY(%s::bigint[]) AND after.day BETWEEN %s AND %s
      AND before.day BETWEEN %s::date - 1 AND %s::date - 1
      AND CASE kind WHEN 'health' THEN before.health_band IS DISTINCT FROM after.health_band
                    ELSE before.engagement_band IS DISTINCT FROM after.engagement_band END
    ON CONFLICT DO NOTHING
"""
# A run of days at risk begins where the day before was not at risk, or is not in the history. The day after the end of
# a run is told where there was a run, also before a gap: the last row says how things stand.
_RISK = """
    INSERT INTO scoring_transition (customer_id, day, kind, band_before, band_after)
    SELECT after.customer_id, after.day, 'risk',
           CASE WHEN before.at_risk THEN 'at_risk' END, CASE WHEN after.at_risk THEN 'at_risk' END
    FROM scoring_scorehistory AS after
    LEFT JOIN scoring_scorehistory AS before
        ON before.customer_id = after.customer_id AND before.day = after.day - 1
       AND before.day BETWEEN %s::date - 1 AND %s::date - 1
    WHERE after.customer_id = ANY(%s::bigint[]) AND after.day BETWEEN %s AND %s
      AND CASE WHEN after.at_risk THEN before.at_risk IS NOT TRUE
               ELSE before.at_risk OR (before.day IS NULL AND EXISTS (
                   SELECT FROM scoring_transition AS earlier
                   WHERE earlier.customer_id = after.customer_id AND earlier.kind = 'risk' AND earlier.day < after.day))
          END
    ON CONFLICT DO NOTHING
"""


def store(customers: Sequence[int], first: date, last: date) -> None:
    """Write the transitions to the days from `first` to `last`, whose history is written. Two statements."""
    ids = list(customers)
    with connection.cursor() as cursor:
        cursor.execute(_BANDS, [ids, first, last, first, last])
        cursor.execute(_RISK, [first, last, ids, first, last])
