import uuid
from typing import ClassVar

from django.db import models

from core.spread import OnErase, OnMerge
from customers.models.customer import Customer
from staff.models import User


class Following(models.Model):
    """That a colleague follows a customer which is not theirs: it is on their Today, under Following."""

    pk = models.CompositePrimaryKey("customer_id", "id")
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, db_index=False, related_name="followings")
    id = models.UUIDField(default=uuid.uuid4)
    colleague = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    on_merge: ClassVar = OnMerge.KEEP  # whoever followed the one that is merged may not know the other
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "colleague"], name="followed_once")]

    def __str__(self) -> str:
        return f"{self.colleague_id} follows {self.customer_id}"
