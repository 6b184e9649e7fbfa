"""Scores as known at the close of each day. Only `scoring.runs.history` writes here. Partitioned by month of day."""

from typing import ClassVar

from django.db import models

from core.spread import OnErase, OnMerge
from customers.models import Customer
from scoring.models.current_score import Numbers


class ScoreHistory(Numbers):
    pk = models.CompositePrimaryKey("customer_id", "day")
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    day = models.DateField()
    at_risk = models.BooleanField(null=True, help_text="By the version of the day; null: written before it was kept")

    partitioned_by: ClassVar = "day"
    on_merge: ClassVar = OnMerge.KEEP
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        constraints = Numbers.checks("history")

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day}: {self.engagement}"


class Transition(models.Model):
    """What changed from one day's history to the next: a band, or whether the customer is at risk.

    Bands of the kind `risk` are AT_RISK, or null for not at risk; the first day at risk of a history is one, too.
    """

    class Kind(models.TextChoices):
        ENGAGEMENT = "engagement"
        HEALTH = "health"
        RISK = "risk"

    AT_RISK: ClassVar = "at_risk"

    pk = models.CompositePrimaryKey("customer_id", "day", "kind")
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    day = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    band_before = models.CharField(max_length=20, null=True)  # noqa: DJ001 - unknown is not empty
    band_after = models.CharField(max_length=20, null=True)  # noqa: DJ001

    on_merge: ClassVar = OnMerge.KEEP
    on_erase: ClassVar = OnErase.KEEP

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day}: {self.band_before} → {self.band_after}"


class MedianValue(models.Model):
    """The portfolio's median monthly value on a day, which stands in for a customer whose value is unknown."""

    # Kept by day: a customer scored again on the same day must get the same value.
    day = models.DateField(primary_key=True)
    amount = models.DecimalField(max_digits=20, decimal_places=2, null=True)

    def __str__(self) -> str:
        return f"{self.day}: {self.amount}"
