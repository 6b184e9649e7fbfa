import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.spread import OnErase, OnMerge
from customers.models import Customer
from staff.models import User


class Override(models.Model):
    """A colleague's judgement that stands over a customer's health, for a reason, up to and including a day.

    The scores read it from the log of inputs; these rows say who set it and why. `ended_at`: taken back before its
    time, or followed by another.
    """

    pk = models.CompositePrimaryKey("customer_id", "id")
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, db_index=False, related_name="overrides")
    id = models.UUIDField(default=uuid.uuid4)
    health = models.PositiveSmallIntegerField(_("health"))
    until = models.DateField(_("up to and including"))
    reason = models.CharField(_("reason"), max_length=300)
    set_at = models.DateTimeField(_("set"))
    set_by = models.ForeignKey(User, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(_("ended"), null=True)

    on_merge: ClassVar = OnMerge.KEEP
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        verbose_name = _("override of health")
        verbose_name_plural = _("overrides of health")
        indexes = [models.Index("customer", F("set_at").desc(), name="override_newest_first")]
        constraints = [
            models.CheckConstraint(condition=Q(health__range=(0, 100)), name="override_is_0_to_100"),
            models.UniqueConstraint(
                fields=["customer"], condition=Q(ended_at=None), name="one_override_stands_for_a_customer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.health} until {self.until}"
