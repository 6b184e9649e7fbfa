from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0013_partings")]

    operations = [
        migrations.CreateModel(
            name="TypeDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "event_type_id",
                        "day",
                        "known_on",
                        "received_on",
                        "by_contact",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                ("known_on", models.DateField()),
                ("received_on", models.DateField()),
                ("by_contact", models.BooleanField()),
                (
                    "event_type",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.DO_NOTHING,
                        related_name="+",
                        to="events.eventtype",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("received_on", models.F("known_on"))),
                        fields=["known_on"],
                        name="type_days_that_were_live",
                    )
                ],
            },
        ),
    ]
