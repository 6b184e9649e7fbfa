from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.jobs.leased import LeasedJob
from core.spread import OnErase, OnMerge
from customers.models import Act, Contact, Identity
from staff.models import Role, User


class PartingQuerySet(models.QuerySet["Parting"]):
    def visible_to(self, user: User) -> Self:
        """Keep all for admins and leads, none for others: it changes the counts of customers of many colleagues."""
        return self if user.is_active and user.role in (Role.ADMIN, Role.LEAD) else self.none()


class Parting(LeasedJob):
    """People who shared an id, to be parted: by what, into whom, and how far it is.

    Workers do it chunk by chunk (core.jobs.leased). The place is the last customer that is done (`at_key`), and within
    the next one the last event that is; all customers are passed through again until a pass finds nothing.
    """

    class By(models.TextChoices):
        DEVICE = "device", _("by device")
        EMAIL = "email", _("by e-mail address")
        COMPANY = "company", _("by company")

    class State(models.TextChoices):
        COUNTING = "counting", _("Being counted")
        READY = "ready", _("Ready")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    waiting_states: ClassVar = ("counting", "running")
    place_fields: ClassVar = ("at_key", "at_moment", "at_number", "pass_number")
    task: ClassVar = "events.tasks.go_on_with_partings"

    # The question. Without constraints: erasing takes names away, what was done stays.
    name = models.ForeignKey(Identity, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    contact = models.ForeignKey(
        Contact, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", help_text="Whose the id was"
    )
    by_what = models.CharField(max_length=10, choices=By.choices)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    # The preview
    people = models.PositiveIntegerField(default=0)
    events = models.BigIntegerField(default=0, help_text="Events of which it is known whose they are")
    rest = models.BigIntegerField(default=0, help_text="Events of which it is not: they stay with the contact")
    homeless = models.BigIntegerField(default=0, help_text="Events of people of whom no company is known")

    # The answer
    rest_with = models.CharField(max_length=200, default="", help_text="The part whose the contact is from now on")
    puts_on_list = models.BooleanField(default=False, help_text="The id was put on the list of wrong ids")

    # The progress
    state = models.CharField(max_length=10, choices=State.choices, default=State.COUNTING)
    problem = models.CharField(max_length=100, default="")
    at_key = models.BigIntegerField(default=-1)
    at_moment = models.DateTimeField(null=True)
    at_number = models.BigIntegerField(default=0)
    pass_number = models.PositiveSmallIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    changed_before = models.BigIntegerField(default=0, help_text="Until this pass began")
    act = models.ForeignKey(Act, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")

    objects = PartingQuerySet.as_manager()

    on_merge: ClassVar = OnMerge.KEEP
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(by_what__in=["device", "email", "company"]), name="parting_by_is_known"),
            # Two of one contact at a time would each count what the other moves.
            models.UniqueConstraint(
                fields=["contact"], condition=Q(state__in=["running"]), name="one_parting_of_a_contact_runs"
            ),
        ]
        indexes: ClassVar = [
            models.Index("id", condition=Q(state__in=["counting", "running"]), name="parting_of_workers")
        ]

    def __str__(self) -> str:
        return f"Parting #{self.pk} {self.by_what}"

    def problem_when_given_up(self) -> Any:
        return "stopped"


class PartingPart(models.Model):
    """One of the people an id is parted into: what tells them from the others, and what is known of them."""

    pk = models.CompositePrimaryKey("of_id", "key")
    of = models.ForeignKey(Parting, on_delete=models.CASCADE, db_index=False, related_name="parts")
    key = models.CharField(max_length=200, help_text="A device's identity, an address, or a customer")
    events = models.BigIntegerField(default=0)
    companies = models.JSONField(default=dict, help_text="Company's identity → the first event that names it")
    stays = models.BooleanField(default=False, help_text="With the contact as it is")
    name = models.ForeignKey(
        Identity, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )

    on_merge: ClassVar = OnMerge.KEEP
    on_erase: ClassVar = OnErase.DELETE

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(name=None, contact=None) | Q(name__isnull=False, contact__isnull=False),
                name="a_part_is_somebody_by_a_name",
            )
        ]

    def __str__(self) -> str:
        return f"{self.of_id} {self.key}: {self.events}"
