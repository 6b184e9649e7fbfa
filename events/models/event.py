from enum import IntFlag
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from core.pagination import Column, Keyset
from core.spread import OnErase, OnMerge
from customers.models import Act, Contact, Customer, Identity
from events.models.event_type import EventType
from events.models.source import Source

NEWEST_FIRST = Keyset((Column("occurred_at", descending=True), Column("id", descending=True)))  # the key's own order


class Flag(IntFlag):
    """What ingestion had to decide about an event, shown on the timeline; and whose it is."""

    FUTURE = 1  # its time lay ahead of us and was clamped to the time of receipt
    VALUE_CLAMPED = 2  # |value| was above 10⁹ units
    NO_RATE = 4  # the value's currency has no rate on its day, so the value is unknown
    SKEW_CORRECTED = 8  # the sender's clock was wrong by sentAt − receivedAt
    RECORD = 16  # a record tells it, and tells it otherwise when it changes: corrections leave it alone


class EventQuerySet(models.QuerySet["Event"]):
    def live(self) -> Self:
        """Return the events that hold, as known now."""
        return self.filter(void_on=None)

    def counted(self) -> Self:
        """Return the events that hold and count: not those of contacts who are not scored."""
        return self.live().exclude(contact__stop_scoring=True)


class Event(models.Model):
    """One thing that happened to a customer at an instant, on one channel. Partitioned by month.

    Never changed: what turns out to be otherwise is withdrawn (`void_on`), and told again by a row of its own.
    `person`, `device` and `company` are the identities it was sent with; `contact` and `customer` what those resolved
    to.
    Foreign keys are not checked here: ingestion holds the identities' rows, a check per row would lock the event
    type's row in every transaction, and `manage.py verify` finds an orphan.
    """

    pk = models.CompositePrimaryKey("customer_id", "occurred_at", "id")
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    occurred_at = models.DateTimeField()
    day = models.DateField(help_text="The day of the company it happened on")
    # Not an AutoField: Django accepts one only as the whole primary key.
    id = models.BigIntegerField(db_default=Func(Value("events_event_id_seq"), function="nextval"))
    event_type = models.ForeignKey(
        EventType, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    person = models.ForeignKey(
        Identity,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    company = models.ForeignKey(
        Identity,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    device = models.ForeignKey(
        Identity, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+",
        help_text="The anonymous id it was sent with, also beside a user id",
    )  # fmt: skip
    source = models.ForeignKey(
        Source, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    message_hash = models.BinaryField(max_length=16)
    is_activity = models.BooleanField(help_text="As the event type had it when this was stored")
    known_on = models.DateField()
    void_on = models.DateField(null=True, help_text="The day from which on it is known not to hold. None: it holds")
    void_act = models.ForeignKey(
        Act, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+",
        help_text="What withdrew it",
    )  # fmt: skip
    told_act = models.ForeignKey(
        Act, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+",
        help_text="What told it again. None: it is as it came in",
    )  # fmt: skip
    received_at = models.DateTimeField()
    original_at = models.DateTimeField(null=True, help_text="The sender's own time, when it was corrected or clamped")
    sent_at = models.DateTimeField(null=True)
    value = models.BigIntegerField(null=True, help_text="Thousandths, in BASE_CURRENCY when it is money")
    flags = models.SmallIntegerField(default=0)
    properties = models.JSONField(_("properties"), default=dict)
    context = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    partitioned_by: ClassVar = "occurred_at"
    on_merge: ClassVar = OnMerge.WITHDRAW
    on_erase: ClassVar = OnErase.ANONYMISE

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(void_on__gte=F("known_on")), name="event_is_withdrawn_once_known"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type_id} {self.occurred_at}"
