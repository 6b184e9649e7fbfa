from typing import ClassVar

from django.db import models

from core.spread import OnErase, OnMerge
from customers.models.customer import Customer


class InputLog(models.Model):
    """What was known of a customer, other than counts, on each day: the day's last value wins.

    Numbers are in thousandths. A row whose number and text are both empty says "no longer known".
    """

    pk = models.CompositePrimaryKey("customer_id", "name", "known_on")
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    name = models.CharField(max_length=60)
    known_on = models.DateField()
    number = models.BigIntegerField(null=True)
    text = models.CharField(max_length=200, null=True)  # noqa: DJ001 - absent is not empty

    on_merge: ClassVar = OnMerge.KEEP
    on_erase: ClassVar = OnErase.KEEP

    def __str__(self) -> str:
        return f"{self.customer_id} {self.name} {self.known_on}"
