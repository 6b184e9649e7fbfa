from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.spread import OnErase, OnMerge
from customers.models.customer import Customer


class Act(models.Model):
    """A merge, unmerge, move, correction or erasure that changed a customer's past days."""

    class Kind(models.TextChoices):
        MERGE = "merge", _("Merge")
        UNMERGE = "unmerge", _("Unmerge")
        MOVE = "move", _("Move")
        CORRECTION = "correction", _("Correction")
        ERASURE = "erasure", _("Erasure")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, db_constraint=False, related_name="acts")
    from_day = models.DateField()
    to_day = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="None: ingestion",
    )
    detail = models.JSONField(default=dict)

    on_merge: ClassVar = OnMerge.KEEP
    on_erase: ClassVar = OnErase.ANONYMISE

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(from_day__lte=models.F("to_day")), name="act_days_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.customer_id} {self.from_day} to {self.to_day}"
