import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.spread import OnErase, OnMerge
from customers.models.customer import Customer
from staff.models import User


class Change(models.Model):
    """What somebody changed about a customer, written by the verb that changed it: field → [before, after]."""

    pk = models.CompositePrimaryKey("customer_id", "id")
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, db_index=False, related_name="changes")
    id = models.UUIDField(default=uuid.uuid4)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    fields = models.JSONField(_("fields"), default=dict)

    on_merge: ClassVar = OnMerge.KEEP
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [models.Index(fields=["customer", "-at"], name="change_newest_first")]

    def __str__(self) -> str:
        return f"{self.customer_id} {', '.join(self.fields)}"
