"""A past day of the whole portfolio under the versions that score today, and how each closed day split by band."""

from typing import ClassVar

from django.db import models

from core.spread import OnErase, OnMerge
from customers.models import Customer
from scoring.models.current_score import EngagementBand, HealthBand
from scoring.models.scoring_model import ScoringModel


class PastDay(models.Model):
    """A day that portfolios are compared with, by the versions of one moment; being made until `made_at`.

    Its shards wait as rows of `core.jobs.periodic`. Written by `scoring.runs.past_days` alone.
    """

    day = models.DateField()
    versions = models.CharField(max_length=200, help_text="Of every published model, such as 3+5")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "versions"], name="one_past_day_per_day_and_versions")
        ]

    def __str__(self) -> str:
        return f"{self.day} v{self.versions}"


class PastBand(models.Model):
    """A customer who was followed on a past day: its bands as known then, and what it paid a month."""

    # The day first: a page reads all rows of one day.
    pk = models.CompositePrimaryKey("of_id", "customer_id")
    of = models.ForeignKey(PastDay, on_delete=models.CASCADE, db_index=False, related_name="+")
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="past_bands"
    )
    health_band = models.CharField(max_length=10, choices=HealthBand.choices, null=True)  # noqa: DJ001 - unknown
    engagement_band = models.CharField(max_length=20, choices=EngagementBand.choices, null=True)  # noqa: DJ001
    monthly_value = models.DecimalField(max_digits=20, decimal_places=2, null=True, help_text="BASE_CURRENCY, then")
    value_is_current = models.BooleanField(default=False, help_text="None was logged by then: today's stands in")

    on_merge: ClassVar = OnMerge.KEEP
    on_erase: ClassVar = OnErase.KEEP

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.health_band}"


class DayShare(models.Model):
    """How many customers a closed day's history has in a band, by the version that scored them. Derived from it."""

    day = models.DateField()
    model = models.ForeignKey(
        ScoringModel, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    engagement_band = models.CharField(max_length=20, choices=EngagementBand.choices, null=True)  # noqa: DJ001
    customers = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "model", "engagement_band"], nulls_distinct=False, name="one_share_per_day_and_band"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.engagement_band}: {self.customers}"
