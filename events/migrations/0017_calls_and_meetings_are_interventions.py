from django.db import migrations

# The starter's types alone: whether one of their own is one, admins say.
MARK = "UPDATE events_eventtype SET is_intervention = TRUE WHERE name IN ('Call logged', 'Meeting held') AND is_touch"


class Migration(migrations.Migration):
    dependencies = [("events", "0016_interventions")]

    operations = [migrations.RunSQL(MARK, migrations.RunSQL.noop)]
