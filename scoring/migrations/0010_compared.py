import django.db.models.deletion
from django.db import migrations, models

KINDS = [("engagement", "Engagement"), ("health", "Health"), ("risk", "Risk")]
NO_CONSTRAINT = {
    "db_constraint": False,
    "db_index": False,
    "on_delete": django.db.models.deletion.DO_NOTHING,
    "related_name": "+",
}


class Migration(migrations.Migration):
    dependencies = [("customers", "0021_shared_ids"), ("scoring", "0009_urgency")]

    operations = [
        migrations.CreateModel(
            name="Compared",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "customer_id",
                        "day",
                        "model_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                ("engagement", models.BigIntegerField(null=True)),
                ("health", models.SmallIntegerField(null=True)),
                ("customer", models.ForeignKey(to="customers.customer", **NO_CONSTRAINT)),
                ("model", models.ForeignKey(to="scoring.scoringmodel", **NO_CONSTRAINT)),
            ],
            options={"indexes": [models.Index(fields=["day"], name="compared_by_day")]},
        ),
        migrations.AddField(
            "scorehistory",
            "at_risk",
            models.BooleanField(help_text="By the version of the day; null: written before it was kept", null=True),
        ),
        migrations.AlterField("transition", "kind", models.CharField(choices=KINDS, max_length=10)),
    ]
