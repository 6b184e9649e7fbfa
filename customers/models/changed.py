from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from core.spread import OnErase, OnMerge
from customers.models.customer import Customer


class Changed(models.Model):
    """Something changed for a customer that a stage has not looked at yet; the stage takes the row away.

    `contact` narrows it to what one contact did there. No link: the contact may have been folded into another since.
    """

    stage = models.CharField(max_length=20)
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    contact = models.BigIntegerField(null=True)
    day = models.DateField(null=True)
    # Of the events of a whole customer that are settled: on account of which act, and those before are done.
    act = models.BigIntegerField(null=True)
    after = models.DateTimeField(null=True)
    at = models.DateTimeField(db_default=Now())

    on_merge: ClassVar = OnMerge.DROP
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        indexes = [models.Index(fields=["stage", "id"], name="changed_by_stage")]

    def __str__(self) -> str:
        return f"{self.stage}: {self.customer_id} {self.at}"
