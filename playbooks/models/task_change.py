from typing import ClassVar

from django.db import models

from core.spread import OnErase, OnMerge
from customers.models import Customer
from staff.models import User


class TaskChange(models.Model):
    """Who changed what of a task, and when. What stands in texts is said by the task."""

    pk = models.CompositePrimaryKey("customer_id", "id")
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, db_index=False, related_name="+")
    id = models.UUIDField()
    task = models.UUIDField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    fields = models.JSONField(default=dict, help_text="Field → before and after; people by id")

    on_merge: ClassVar = OnMerge.MOVE
    on_erase: ClassVar = OnErase.ANONYMISE

    class Meta:
        indexes = [models.Index(fields=["customer", "task", "at"], name="task_change_in_order")]

    def __str__(self) -> str:
        return f"{self.task} {', '.join(self.fields)}"
