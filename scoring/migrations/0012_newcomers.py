from django.contrib.postgres.operations import AddConstraintNotValid
from django.core.validators import MaxValueValidator
from django.db import migrations, models

NEW_DAYS = {
    "default": 0,
    "help_text": "A younger customer is new: in no band of health, and not at risk. 0: judged from the first day.",
    "validators": [MaxValueValidator(365)],
}
BANDS = [("red", "Red"), ("yellow", "Yellow"), ("green", "Green"), ("new", "New")]
HAS_A_BAND = (
    models.Q(("health", None), ("health_band", None))
    | models.Q(("health", None), ("health_band", "new"))
    | models.Q(("health__isnull", False), ("health__range", (0, 10_000)), ("health_band__isnull", False))
)


def allow_new(model, prefix):
    """Allow the band of those who are new, who have no health."""
    return [
        migrations.AlterField(model, "health_band", models.CharField(choices=BANDS, max_length=10, null=True)),
        migrations.RemoveConstraint(model, f"{prefix}_health_is_0_to_100_with_band"),
        AddConstraintNotValid(
            model, models.CheckConstraint(condition=HAS_A_BAND, name=f"{prefix}_health_has_a_band_or_is_new")
        ),
    ]


class Migration(migrations.Migration):
    """Versions of before have no such days: nobody is new by them."""

    dependencies = [("scoring", "0011_at_risk_since")]

    operations = [
        migrations.AddField(
            "scoringmodel",
            "new_days_trial",
            models.PositiveSmallIntegerField(verbose_name="new for days, on trial", **NEW_DAYS),
        ),
        migrations.AddField(
            "scoringmodel",
            "new_days_active",
            models.PositiveSmallIntegerField(verbose_name="new for days, active", **NEW_DAYS),
        ),
        migrations.AddConstraint(
            "scoringmodel",
            models.CheckConstraint(
                condition=models.Q(("new_days_active__lte", 365), ("new_days_trial__lte", 365)),
                name="new_days_are_0_to_365",
            ),
        ),
        migrations.AddField(
            "weight",
            "is_grave",
            models.BooleanField(
                default=False,
                help_text="Once it happened, a customer is no longer new.",
                verbose_name="grave sign",
            ),
        ),
        *allow_new("currentscore", "current"),
        *allow_new("scorehistory", "history"),
    ]
