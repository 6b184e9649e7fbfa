from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.jobs.leased import LeasedJob
from core.spread import OnErase, OnMerge
from customers.models import Act, Customer
from events.models.event_type import EventType
from events.models.source import Source
from staff.models import Role, User


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def visible_to(self, user: User) -> Self:
        """Keep all for admins, none for others: a correction changes what everybody's scores are made of."""
        return self if user.is_active and user.role == Role.ADMIN else self.none()


class Correction(LeasedJob):
    """Events to be withdrawn or told again: which ones, what that would change, and how far it is.

    Workers do it chunk by chunk (core.jobs.leased); each chunk also moves the place and the sums. The place is the last
    shard, customer or act that is done (`at_key`), and within the next one the last event that is.
    """

    class Kind(models.TextChoices):
        WITHDRAW = "withdraw", _("Withdraw events")
        REMAP = "remap", _("Move events to another type")
        MERGE = "merge", _("Merge an event type into another")
        RETELL = "retell", _("Change an event type")

    class State(models.TextChoices):
        COUNTING = "counting", _("Being counted")
        WEIGHING = "weighing", _("Scores being compared")
        READY = "ready", _("Ready")
        RUNNING = "running", _("Running")
        RECOUNTING = "recounting", _("Being counted again")
        DONE = "done", _("Done")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    waiting_states: ClassVar = ("counting", "weighing", "running", "recounting", "undoing")
    place_fields: ClassVar = ("at_key", "at_moment", "at_number")
    task: ClassVar = "events.tasks.go_on_with_corrections"

    # The question
    kind = models.CharField(_("what to do"), max_length=10, choices=Kind.choices)
    customer = models.ForeignKey(
        Customer, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="+")
    file = models.BigIntegerField(null=True, help_text="The import whose rows brought the events")
    event_type = models.ForeignKey(EventType, null=True, on_delete=models.PROTECT, related_name="corrections")
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    to_type = models.ForeignKey(EventType, null=True, on_delete=models.PROTECT, related_name="+")
    changes = models.JSONField(default=dict, help_text="Of an event type: field → [before, after]")
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(help_text="What was received later is left alone")

    # The preview
    types = models.JSONField(default=dict, help_text="Event type → events")
    events = models.BigIntegerField(default=0)
    customers = models.PositiveIntegerField(default=0)
    own = models.BigIntegerField(default=0, help_text="Events that records and answers tell: left out")
    from_day = models.DateField(null=True)
    to_day = models.DateField(null=True)
    effect = models.JSONField(default=dict, help_text="What scores would change: see scoring.what_if.corrections")

    # The progress
    state = models.CharField(max_length=10, choices=State.choices, default=State.COUNTING)
    problem = models.CharField(max_length=100, default="")
    at_key = models.BigIntegerField(default=-1)
    at_moment = models.DateTimeField(null=True)
    at_number = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    restored = models.BigIntegerField(default=0)
    act = models.ForeignKey(Act, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    undo_act = models.ForeignKey(Act, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")

    objects = CorrectionQuerySet.as_manager()

    on_merge: ClassVar = OnMerge.KEEP
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["withdraw", "remap", "merge", "retell"]), name="correction_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(customer__isnull=False) | Q(source__isnull=False) | Q(kind__in=["merge", "retell"]),
                name="correction_is_of_a_customer_or_source",
            ),
            models.CheckConstraint(
                condition=Q(to_type__isnull=False, kind__in=["remap", "merge"])
                | Q(to_type=None, kind__in=["withdraw", "retell"]),
                name="correction_has_a_type_to_move_to_or_needs_none",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["withdraw", "remap"]) | Q(event_type__isnull=False),
                name="correction_of_a_type_names_it",
            ),
            models.CheckConstraint(
                condition=Q(first_on=None) | Q(last_on=None) | Q(first_on__lte=models.F("last_on")),
                name="correction_days_in_order",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                "id",
                condition=Q(state__in=["counting", "weighing", "running", "recounting", "undoing"]),
                name="correction_of_workers",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def is_of_type(self) -> bool:
        """Tell whether all events of a type are concerned, those to come as well."""
        return self.kind in (self.Kind.MERGE, self.Kind.RETELL)

    @property
    def skipped(self) -> int:
        """How many events stay as they are though it was undone: something else has changed them since."""
        return self.changed - self.restored

    @property
    def can_be_undone(self) -> bool:
        stopped = self.state in (self.State.DONE, self.State.CANCELLED, self.State.FAILED)
        return stopped and self.act_id is not None and (self.changed > 0 or self.is_of_type)

    def drop_unfinished(self) -> None:
        CorrectionPart.objects.filter(of=self).delete()

    def problem_when_given_up(self) -> Any:
        return "stopped"


class CorrectionPart(models.Model):
    """How many events of a customer a correction is about, as they were last counted."""

    pk = models.CompositePrimaryKey("customer_id", "of_id")
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    of = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="parts")
    events = models.BigIntegerField()

    on_merge: ClassVar = OnMerge.KEEP
    on_erase: ClassVar = OnErase.KEEP

    def __str__(self) -> str:
        return f"{self.of_id} {self.customer_id}: {self.events}"
