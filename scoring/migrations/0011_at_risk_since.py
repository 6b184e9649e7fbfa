"""Since when customers who are at risk today have been so, from the history that stands."""

from django.db import migrations

# Past days are judged by the rule of today; one of two versions is not compared.
_BEGAN = """
    WITH who AS (
        SELECT customer_id FROM scoring_currentscore WHERE at_risk AND customer_id > %s
        ORDER BY customer_id LIMIT 1000
    ), judged AS (
        SELECT day.customer_id, day.day,
               CASE WHEN day.health IS NULL
                    THEN COALESCE(day.engagement_band IN ('churn_risk', 'gone_quiet', 'very_disengaged'), false)
                    ELSE day.health_band = 'red' OR COALESCE(earlier.health - day.health >= 2000, false)
               END AS at_risk
        FROM who JOIN scoring_scorehistory AS day USING (customer_id)
        LEFT JOIN scoring_scorehistory AS earlier
            ON earlier.customer_id = day.customer_id AND earlier.day = day.day - 14 AND earlier.model_id = day.model_id
    ), safe AS (
        SELECT customer_id, max(day) AS day FROM judged WHERE NOT at_risk GROUP BY customer_id
    ), began AS (
        SELECT judged.customer_id, min(judged.day) AS first_day, max(judged.day) AS last_day
        FROM judged LEFT JOIN safe ON safe.customer_id = judged.customer_id
        WHERE safe.day IS NULL OR judged.day > safe.day GROUP BY judged.customer_id
    ), marked AS (
        UPDATE scoring_scorehistory AS day SET at_risk = true FROM began
        WHERE day.customer_id = began.customer_id AND day.day = began.last_day
    ), told AS (
        INSERT INTO scoring_transition (customer_id, day, kind, band_before, band_after)
        SELECT customer_id, first_day, 'risk', NULL, 'at_risk' FROM began ON CONFLICT DO NOTHING
    )
    SELECT max(customer_id) FROM who
"""


def tell(apps, editor):
    last = 0
    # Today's pass is made again, so that today's changes are within one version.
    with editor.connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_run WHERE job = 'score-everyone'")
    while last is not None:
        # Each batch by itself, and safe to repeat.
        with editor.connection.cursor() as cursor:
            cursor.execute(_BEGAN, [last])
            (last,) = cursor.fetchone()


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("scoring", "0010_compared")]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
