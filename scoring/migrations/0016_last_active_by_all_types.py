from django.db import migrations

# As the change feed does: whoever scores takes the rows away, and verify calls these customers pending until then.
_ALL_CHANGED = """
    INSERT INTO customers_changed (stage, customer_id)
    SELECT 'score', customer_id FROM scoring_currentscore ORDER BY customer_id
"""


class Migration(migrations.Migration):
    """Everybody is scored again: last activity was that of weighed types alone, and is now that of all."""

    dependencies = [("scoring", "0015_past_days"), ("customers", "0028_marks_of_snoozes")]

    operations = [migrations.RunSQL(_ALL_CHANGED, migrations.RunSQL.noop)]
