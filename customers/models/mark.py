import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.spread import OnErase, OnMerge
from customers.models.customer import Customer
from customers.models.snooze import Snooze
from staff.models import User


class Mark(models.Model):
    """That a colleague snoozed a customer or marked it as handled: what stood then, and when it comes back.

    All of them are kept, where a Snooze is the one that holds now.
    """

    pk = models.CompositePrimaryKey("customer_id", "id")
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, db_index=False, related_name="marks")
    id = models.UUIDField(default=uuid.uuid4)
    kind = models.CharField(_("kind"), max_length=10, choices=Snooze.Kind.choices)
    reason = models.CharField(_("reason"), max_length=300)
    at = models.DateTimeField(_("at"))
    # Null beside `at`: the company's own key acts as nobody, and a colleague who is deleted leaves the mark in place.
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, db_index=False, related_name="+")
    back_at = models.DateTimeField(help_text="When it comes back at the latest")
    stood = ArrayField(
        models.CharField(max_length=80), null=True, help_text="The reasons that stood then, by key. None: not looked at"
    )
    health = models.SmallIntegerField(null=True, help_text="Hundredths, then; None: unknown")
    model = models.BigIntegerField(null=True, help_text="The version of the scoring model it was by")
    ended_at = models.DateTimeField(null=True, help_text="When a colleague ended it before its time")

    on_merge: ClassVar = OnMerge.MOVE
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Snooze.Kind.values), name="mark_kind_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_mark_has_a_reason"),
            models.CheckConstraint(condition=Q(back_at__gt=models.F("at")), name="a_mark_lasts"),
        ]
        indexes = [
            models.Index(fields=["customer", "-at"], name="mark_newest_first"),
            models.Index(fields=["by", "-at"], name="mark_of_a_colleague"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind} at {self.at}"
