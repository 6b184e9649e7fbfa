from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.spread import OnErase, OnMerge
from customers.models.customer import Customer


class Act(models.Model):
    """What was done to facts that were known: events moved, corrected, told again or left out of the counts.

    An act of many customers names none; those under it, `part_of` it, name one each.
    """

    class Kind(models.TextChoices):
        MERGE = "merge", _("Merge")
        UNMERGE = "unmerge", _("Unmerge")
        MOVE = "move", _("Move")
        PART = "part", _("People parted")
        CORRECTION = "correction", _("Correction")
        UNDONE = "undone", _("Correction undone")
        RECORD = "record", _("Record changed")
        DELETION = "deletion", _("Record deleted")
        RATE = "rate", _("Exchange rate")
        EVENT_TYPE = "event_type", _("Event type changed")
        OBJECTION = "objection", _("Not scored")
        ERASURE = "erasure", _("Erasure")
        CONSENT = "consent", _("Surveys refused or allowed")
        REASSIGN = "reassign", _("Contact moved")
        REMOVAL = "removal", _("Customer or contact deleted")
        RELEASE = "release", _("Ids released")
        UNDO = "undo", _("Undone")
        OWNER = "owner", _("Customers reassigned")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    customer = models.ForeignKey(
        Customer, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="acts"
    )
    part_of = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="parts")
    from_day = models.DateField(null=True, help_text="First day it rewrote. None: it rewrote none, as acts do now")
    to_day = models.DateField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="None: ingestion, or another system",
    )
    detail = models.JSONField(default=dict)

    on_merge: ClassVar = OnMerge.KEEP
    on_erase: ClassVar = OnErase.ANONYMISE

    class Meta:
        # In the order in which the timeline reads them.
        indexes = [
            models.Index(fields=["customer", "at"], name="act_by_customer"),
            # Few among many: asked for each id that is ignored.
            models.Index("id", condition=Q(kind="removal"), name="act_of_removal"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(from_day__lte=models.F("to_day")), name="act_days_in_order"),
            models.CheckConstraint(
                condition=Q(from_day=None, to_day=None) | Q(from_day__isnull=False, to_day__isnull=False),
                name="act_has_both_days_or_none",
            ),
        ]

    def __str__(self) -> str:
        days = f" {self.from_day} to {self.to_day}" if self.from_day else ""
        return f"{self.kind} {self.customer_id or 'of many'}{days}"
