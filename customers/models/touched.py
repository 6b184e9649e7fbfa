from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from core.spread import OnErase, OnMerge
from customers.models.customer import Customer


class Touched(models.Model):
    """Something changed for this customer since the last score; `scoring.runs.run` takes the rows away."""

    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    at = models.DateTimeField(db_default=Now())

    on_merge: ClassVar = OnMerge.DROP
    on_erase: ClassVar = OnErase.KEEP

    def __str__(self) -> str:
        return f"{self.customer_id} {self.at}"
