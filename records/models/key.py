from typing import ClassVar

from django.db import models

from core.spread import OnErase, OnMerge
from customers.models import Customer


class RecordKey(models.Model):
    """Whose a record of another system is: an id there belongs to one customer."""

    kind = models.CharField(max_length=10, help_text="contract, invoice, ticket or note")
    external_id = models.CharField(max_length=200)
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, related_name="+")
    record = models.UUIDField()

    on_merge: ClassVar = OnMerge.REPOINT
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "external_id"], name="record_of_one_customer")]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"
