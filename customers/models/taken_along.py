from typing import ClassVar

from django.db import models

from core.spread import OnErase, OnMerge
from customers.models.act import Act


class TakenAlong(models.Model):
    """A row that an act of a colleague made another's, or took away: undoing the act gives it back.

    What names a merged customer or contact by an id of its own needs none: it is found by that. A look-up table.
    """

    act = models.ForeignKey(Act, on_delete=models.CASCADE, db_index=False, related_name="+")
    model = models.CharField(max_length=60, help_text="app_label.model")
    customer = models.BigIntegerField(help_text="Where the row stood, a part of its key")
    row = models.CharField(max_length=40)
    kept = models.JSONField(null=True, help_text="The row itself, where it was taken away")

    on_merge: ClassVar = OnMerge.KEEP
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["act", "model", "customer", "row"], name="row_is_taken_along_once")
        ]

    def __str__(self) -> str:
        return f"{self.act_id}: {self.model} {self.row}"
