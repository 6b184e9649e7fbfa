"""Counts, written in the transaction that stores or withdraws the events they count. Partitioned by month of day.

They are signed: an event adds on the day it became known, and takes away on the day it was withdrawn. What was known
on a day is the sum of all rows up to it, and no closed day ever changes.
"""

from typing import ClassVar

from django.db import models

from core.spread import OnErase, OnMerge
from customers.models import Contact, Customer
from events.models.event_type import EventType
from events.models.source import Source


class DailyCount(models.Model):
    """Events of one type of one customer on one day: how many more, or fewer, became known on `known_on`."""

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
    on_merge: ClassVar = OnMerge.FOLLOW
    on_erase: ClassVar = OnErase.KEEP

    def __str__(self) -> str:
        return f"{self.customer_id} {self.event_type_id} {self.day}: {self.count}"


class ActiveDay(models.Model):
    """What a contact did on a day, in events of activity types: how many more, or fewer, became known."""

    pk = models.CompositePrimaryKey("customer_id", "contact_id", "day", "known_on")
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    day = models.DateField()
    known_on = models.DateField()
    count = models.BigIntegerField(default=1)

    partitioned_by: ClassVar = "day"
    on_merge: ClassVar = OnMerge.FOLLOW
    on_erase: ClassVar = OnErase.KEEP

    def __str__(self) -> str:
        return f"{self.contact_id} {self.day}"


class CountNow(models.Model):
    """The events of one type of one customer on one day, as known now; days without any have no row. A view."""

    pk = models.CompositePrimaryKey("customer_id", "event_type_id", "day")
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, related_name="+")
    event_type = models.ForeignKey(EventType, on_delete=models.DO_NOTHING, related_name="+")
    day = models.DateField()
    count = models.BigIntegerField()
    value_sum = models.DecimalField(max_digits=30, decimal_places=0, help_text="Thousandths")

    on_merge: ClassVar = OnMerge.KEEP
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        managed = False
        db_table = "events_countnow"

    def __str__(self) -> str:
        return f"{self.customer_id} {self.event_type_id} {self.day}: {self.count}"


class ActiveNow(models.Model):
    """A contact was active at a customer on a day, as known now. A view."""

    pk = models.CompositePrimaryKey("customer_id", "contact_id", "day")
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.DO_NOTHING, related_name="+")
    day = models.DateField()

    on_merge: ClassVar = OnMerge.KEEP
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        managed = False
        db_table = "events_activenow"

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
