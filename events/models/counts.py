"""Counts, written in the transaction that stores the events they count. Partitioned by month of day."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.spread import OnErase, OnMerge
from customers.models import Contact, Customer
from events.models.event_type import EventType
from events.models.source import Source


class DailyCount(models.Model):
    """Events of one type of one customer on one day, as they became known."""

    pk = models.CompositePrimaryKey("customer_id", "event_type_id", "day", "known_on")
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    event_type = models.ForeignKey(
        EventType, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    day = models.DateField()
    known_on = models.DateField()
    count = models.BigIntegerField()
    value_sum = models.DecimalField(max_digits=30, decimal_places=0, help_text="Thousandths")

    partitioned_by: ClassVar = "day"
    on_merge: ClassVar = OnMerge.RECOUNT
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(count__gt=0), name="daily_count_is_positive")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.event_type_id} {self.day}: {self.count}"


class ActiveDay(models.Model):
    """A contact did something on a day: events of activity types only."""

    pk = models.CompositePrimaryKey("customer_id", "contact_id", "day", "known_on")
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    day = models.DateField()
    known_on = models.DateField()

    partitioned_by: ClassVar = "day"
    on_merge: ClassVar = OnMerge.RECOUNT
    on_erase: ClassVar = OnErase.KEEP

    def __str__(self) -> str:
        return f"{self.contact_id} {self.day}"


class SourceDay(models.Model):
    """Events a source sent for a day, to notice its silence. Striped: its batches would queue on one row."""

    STRIPES = 16

    pk = models.CompositePrimaryKey("source_id", "day", "known_on", "stripe")
    source = models.ForeignKey(
        Source, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    day = models.DateField()
    known_on = models.DateField()
    stripe = models.SmallIntegerField()
    events = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.source_id} {self.day}: {self.events}"
