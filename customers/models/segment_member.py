"""Who was in a segment, from which closed day to which. Written by the close of days alone (customers.segments)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from core.spread import OnErase, OnMerge
from customers.models.customer import Customer
from customers.models.segment import Segment


class SegmentMember(models.Model):
    """A run of closed days on which a customer was in a segment; `left_on` is the first on which it no longer was.

    A row for each run, not for each day: most customers stay where they are.
    """

    pk = models.CompositePrimaryKey("customer_id", "segment_id", "entered_on")
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, db_index=False, related_name="+")
    entered_on = models.DateField()
    left_on = models.DateField(null=True)

    on_merge: ClassVar = OnMerge.KEEP
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gt=F("entered_on")), name="a_member_leaves_after_entering"
            ),
            models.UniqueConstraint(
                fields=["customer", "segment"], condition=Q(left_on=None), name="one_open_membership_of_a_segment"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["segment", "entered_on", "customer"], name="member_by_entering"),
            models.Index(
                fields=["segment", "left_on", "customer"], condition=~Q(left_on=None), name="member_by_leaving"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} in {self.segment_id} from {self.entered_on}"


class SegmentDay(models.Model):
    """A closed day for which a segment's members are written.

    `is_start`: the first day, or the first after its filter changed; who is in then did not enter, and nobody left.
    """

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, db_index=False, related_name="+")
    day = models.DateField()
    is_start = models.BooleanField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["segment", "day"], name="one_row_a_segment_and_day")]

    def __str__(self) -> str:
        return f"{self.segment_id} {self.day}"
