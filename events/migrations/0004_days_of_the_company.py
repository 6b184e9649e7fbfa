from django.db import migrations, models

# Installations made before keep UTC. A generated column is filled by one rewrite of each partition; an UPDATE would
# leave every row behind once more.
ADD = [
    "ALTER TABLE events_event ADD COLUMN day date NOT NULL"
    " GENERATED ALWAYS AS ((occurred_at AT TIME ZONE 'UTC')::date) STORED",
    "ALTER TABLE events_event ALTER COLUMN day DROP EXPRESSION",
]


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0003_touches_and_purchases"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ADD, "ALTER TABLE events_event DROP COLUMN day")],
            state_operations=[
                migrations.AddField(
                    model_name="event",
                    name="day",
                    field=models.DateField(help_text="The day of the company it happened on"),
                    preserve_default=False,
                ),
            ],
        ),
    ]
