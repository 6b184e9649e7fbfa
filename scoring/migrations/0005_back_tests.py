"""Back-tests: a version held against the past, kept with what was asked and found."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0004_all_factors_and_segments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BackTest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("model_name", models.CharField(help_text="Kept when a draft is deleted", max_length=120)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("churned", "The customer churned"),
                            ("quiet", "No activity"),
                            ("revenue", "Monthly revenue fell"),
                        ],
                        max_length=10,
                        verbose_name="what to foretell",
                    ),
                ),
                ("horizon", models.PositiveSmallIntegerField(verbose_name="within how many days")),
                ("quiet_days", models.PositiveSmallIntegerField(default=0, verbose_name="days without activity")),
                ("least_fall", models.PositiveSmallIntegerField(default=0, verbose_name="by at least, in %")),
                (
                    "least_days",
                    models.PositiveSmallIntegerField(default=0, verbose_name="followed for at least, in days"),
                ),
                (
                    "days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(), help_text="The past days to stand on, in order", size=None
                    ),
                ),
                (
                    "judged",
                    models.CharField(
                        choices=[("health", "Health"), ("engagement", "Engagement")],
                        max_length=10,
                        verbose_name="what is judged",
                    ),
                ),
                ("calls", models.PositiveIntegerField(verbose_name="customers the team can call")),
                (
                    "signs",
                    models.JSONField(default=dict, help_text="Event type → 1: points not below 0; −1: not above"),
                ),
                ("created_at", models.DateTimeField()),
                ("last_whole_day", models.DateField(help_text="When it was asked for: what ends later is immature")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("cancelled", "Cancelled"),
                            ("failed", "Failed"),
                            ("done", "Done"),
                        ],
                        default="running",
                        max_length=10,
                    ),
                ),
                ("at_step", models.PositiveIntegerField(default=0)),
                ("total_steps", models.PositiveIntegerField(null=True)),
                ("inputs", models.JSONField(default=dict, help_text="The versions as they were when it ran")),
                ("result", models.JSONField(default=dict)),
                ("problem", models.CharField(blank=True, max_length=20)),
                ("finished_at", models.DateTimeField(null=True)),
                ("lease", models.UUIDField(null=True)),
                ("leased_until", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("asked_to_cancel", models.BooleanField(default=False)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "model",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="back_tests",
                        to="scoring.scoringmodel",
                    ),
                ),
            ],
            options={
                "verbose_name": "back-test",
                "verbose_name_plural": "back-tests",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="BackTestPart",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "of_id", "step", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("step", models.PositiveIntegerField()),
                ("body", models.BinaryField()),
                (
                    "of",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="scoring.backtest",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="backtest",
            index=models.Index(models.F("id"), condition=models.Q(("state", "running")), name="back_test_of_workers"),
        ),
        migrations.AddConstraint(
            model_name="backtest",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["running", "cancelled", "failed", "done"])),
                name="back_test_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="backtest",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["churned", "quiet", "revenue"])), name="back_test_outcome_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="backtest",
            constraint=models.CheckConstraint(
                condition=models.Q(("judged__in", ["health", "engagement"])), name="back_test_judges_a_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="backtest",
            constraint=models.CheckConstraint(
                condition=models.Q(("horizon__range", (1, 730))), name="back_test_horizon_is_1_to_730"
            ),
        ),
        migrations.AddConstraint(
            model_name="backtest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "quiet"), ("quiet_days__gte", 1), ("quiet_days__lte", models.F("horizon"))),
                    models.Q(models.Q(("outcome", "quiet"), _negated=True), ("quiet_days", 0)),
                    _connector="OR",
                ),
                name="back_test_quiet_days_go_with_their_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="backtest",
            constraint=models.CheckConstraint(
                condition=models.Q(("least_fall__lte", 100)), name="back_test_fall_is_a_percentage"
            ),
        ),
        migrations.AddConstraint(
            model_name="backtest",
            constraint=models.CheckConstraint(condition=models.Q(("calls__gte", 1)), name="back_test_calls_somebody"),
        ),
    ]
