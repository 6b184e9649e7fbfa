from django.db import migrations, models

# Days that are stored already are of UTC.
KEEP_UTC = "INSERT INTO core_calendar (id, zone) SELECT 1, 'UTC' WHERE EXISTS (SELECT 1 FROM core_closedday)"


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_outgoing"),
    ]

    operations = [
        migrations.CreateModel(
            name="Calendar",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("zone", models.CharField(max_length=60)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_calendar")],
            },
        ),
        migrations.RunSQL(KEEP_UTC, migrations.RunSQL.noop),
    ]
