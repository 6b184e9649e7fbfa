"""A past day judged again by the version that judges today, so that no change is between two versions."""

from typing import ClassVar

from django.db import models

from core.spread import OnErase, OnMerge
from customers.models import Customer
from scoring.models.scoring_model import ScoringModel


class Compared(models.Model):
    """One past day of a customer as known then, by another version than its history names. Hundredths; None: unknown.

    Written by `scoring.runs.compared` alone, for the lags of its LAGS, and forgotten when no lag reaches so far back.
    """

    pk = models.CompositePrimaryKey("customer_id", "day", "model_id")
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    day = models.DateField()
    model = models.ForeignKey(
        ScoringModel, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    engagement = models.BigIntegerField(null=True)
    health = models.SmallIntegerField(null=True)

    on_merge: ClassVar = OnMerge.KEEP
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        indexes = [models.Index(fields=["day"], name="compared_by_day")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day} v{self.model_id}: {self.engagement}"
