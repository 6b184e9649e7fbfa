"""What-if prepared for portfolios that take longer than a page may: the base of a draft on a closed day, in shards."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from scoring.models.scoring_model import ScoringModel


class Prepared(models.Model):
    """One base. `key` says what it depends on (scoring.what_if.swap): drafts that differ in points alone share it.

    It is being made until `made_at` or `failed_at`; its shards wait as rows of `core.jobs.periodic`.
    """

    key = models.CharField(max_length=32, unique=True)
    model = models.ForeignKey(ScoringModel, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    shards = models.PositiveIntegerField(help_text="How many there are to make")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.model_id} on {self.day}"


class PreparedShard(models.Model):
    """The base of one shard of customers, packed (scoring.what_if.packing)."""

    of = models.ForeignKey(Prepared, on_delete=models.CASCADE, related_name="parts")
    shard = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["of", "shard"], name="one_body_per_prepared_shard")]

    def __str__(self) -> str:
        return f"{self.of_id}: {self.shard}"
