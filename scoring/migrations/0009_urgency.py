"""The product that orders customers at risk gets the name of what it is; the column keeps its own."""

from django.db import migrations, models

INDEX = models.Index(
    models.OrderBy(models.F("urgency"), descending=True, nulls_last=True),
    models.OrderBy(models.F("health_fall"), descending=True, nulls_last=True),
    "customer",
    condition=models.Q(("at_risk", True)),
    name="score_by_urgency",
)


class Migration(migrations.Migration):
    dependencies = [("scoring", "0008_back_test_labels")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex("currentscore", "score_by_urgency"),
                migrations.RenameField("currentscore", "value_at_stake", "urgency"),
                migrations.AlterField(
                    "currentscore",
                    "urgency",
                    models.DecimalField(
                        db_column="value_at_stake",
                        decimal_places=2,
                        help_text="Orders customers at risk, and is no money: RiskInputs.urgency",
                        max_digits=20,
                        null=True,
                    ),
                ),
                migrations.AddIndex("currentscore", INDEX),
                migrations.AlterField(
                    "currentscore",
                    "value_is_typical",
                    models.BooleanField(
                        help_text="Its own value is unknown; in its urgency, the portfolio's median stands in"
                    ),
                ),
                migrations.AlterField(
                    "currentscore",
                    "renews_soon",
                    models.BooleanField(help_text="Within 90 days, which doubles the urgency"),
                ),
            ],
        ),
    ]
