"""Everybody is scored again: last activity was that of weighed types alone, and is now that of all."""

from django.db import migrations

# As the change feed does: whoever scores takes the rows away, and verify calls these customers pending until then.
_CHANGED = """
    WITH who AS (
        SELECT customer_id FROM scoring_currentscore WHERE customer_id > %s ORDER BY customer_id LIMIT 5000
    ), told AS (
        INSERT INTO customers_changed (stage, customer_id) SELECT 'score', customer_id FROM who
    )
    SELECT max(customer_id) FROM who
"""


def tell(apps, editor):
    last = 0
    while last is not None:
        # Each batch by itself; one that is told twice is scored twice.
        with editor.connection.cursor() as cursor:
            cursor.execute(_CHANGED, [last])
            (last,) = cursor.fetchone()


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("scoring", "0015_past_days"), ("customers", "0028_marks_of_snoozes")]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
