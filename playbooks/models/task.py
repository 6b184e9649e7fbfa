from collections.abc import Collection
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.spread import OnErase, OnMerge
from customers.models import Contact, Customer
from records.models import Record
from staff.models import User


class TaskKind(models.TextChoices):
    """What is to be done; the first three reach the customer."""

    CALL = "call", _("Call")
    MEETING = "meeting", _("Meeting")
    MAIL = "mail", _("E-mail")
    OTHER = "other", _("To-do")


class TaskState(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class TaskOrigin(models.TextChoices):
    HAND = "hand", _("By hand")
    SUGGESTION = "suggestion", _("Suggestion")
    CHECKLIST = "checklist", _("Checklist")
    LOG = "log", _("Next step of a note")


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User) -> Self:
        """Keep the tasks of customers the colleague may see, whoever is to do them."""
        return self.filter(customer__in=Customer.objects.visible_to(user))

    def assigned_to(self, user: User) -> Self:
        return self.filter(assignee=user)

    def open(self) -> Self:
        return self.filter(state=TaskState.OPEN)

    def done(self) -> Self:
        return self.filter(state=TaskState.DONE)

    def due(self, on: date) -> Self:
        """Keep open tasks to be done by the day: on it, or before."""
        return self.open().filter(due_on__lte=on)

    def overdue(self, today: date) -> Self:
        return self.open().filter(due_on__lt=today)

    def soonest_first(self) -> Self:
        """Order by due day, those without one last; within a checklist by its order."""
        return self.order_by(F("due_on").asc(nulls_last=True), F("position").asc(nulls_first=True), "created_at", "id")

    def next_of_each(self, customers: Collection[int]) -> Self:
        """Keep the open task that is due first of each of these customers, one that has no day where no other is."""
        mine = self.open().filter(customer__in=customers)
        return mine.order_by("customer_id", F("due_on").asc(nulls_last=True), "created_at", "id").distinct(
            "customer_id"
        )

    def with_people(self) -> Self:
        """Join whom a page names beside each task."""
        joined = self.select_related("customer", "contact", "assignee", "closed_by")
        return joined.defer("contact__traits", "contact__set_at", "customer__attributes", "customer__set_at")


class Task(Record):
    """Something to do for a customer, by somebody, by a day. Done, it is an event of the customer."""

    title = models.CharField(_("what"), max_length=300)
    kind = models.CharField(_("kind"), max_length=10, choices=TaskKind.choices, default=TaskKind.OTHER)
    contact = models.ForeignKey(
        Contact, verbose_name=_("with"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    assignee = models.ForeignKey(
        User, verbose_name=_("assigned to"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    origin = models.CharField(max_length=10, choices=TaskOrigin.choices, default=TaskOrigin.HAND)
    suggestion = models.CharField(max_length=60, blank=True, help_text="The key of the suggestion it was made from")
    checklist = models.UUIDField(null=True, help_text="The Checklist of the same customer")
    position = models.PositiveSmallIntegerField(null=True, help_text="In its checklist, from 1")
    state = models.CharField(_("state"), max_length=10, choices=TaskState.choices, default=TaskState.OPEN)
    outcome = models.TextField(_("outcome"), max_length=2_000, blank=True)
    # When it was done or cancelled. Nobody did beside an instant: a company's key, or a colleague who was deleted.
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    closed_by = models.ForeignKey(
        User, verbose_name=_("closed by"), null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.UUIDField(null=True, help_text="The Note written when it was done: that one tells of the touch")
    created_at = models.DateTimeField(_("created"))
    created_by = models.ForeignKey(
        User, verbose_name=_("created by"), null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    on_merge: ClassVar = OnMerge.STEP
    on_erase: ClassVar = OnErase.ANONYMISE

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TaskKind.values), name="task_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=TaskState.values), name="task_state_is_known"),
            models.CheckConstraint(condition=Q(origin__in=TaskOrigin.values), name="task_origin_is_known"),
            models.CheckConstraint(
                condition=~Q(title=""), name="a_task_says_what", violation_error_message=_("Say what is to be done.")
            ),
            models.CheckConstraint(
                condition=Q(state=TaskState.OPEN, closed_at=None, closed_by=None, note=None, outcome="")
                | Q(~Q(state=TaskState.OPEN), closed_at__isnull=False),
                name="an_open_task_is_not_closed",
            ),
            models.CheckConstraint(
                condition=Q(checklist=None, position=None)
                | Q(checklist__isnull=False, position__isnull=False, position__gte=1),
                name="a_task_has_a_place_in_its_checklist",
            ),
        ]
        indexes = [
            # Few among many, asked for at a customer, for a colleague and for everybody.
            models.Index("customer", "due_on", condition=Q(state="open"), name="task_open_of_customer"),
            models.Index("assignee", "due_on", condition=Q(state="open"), name="task_open_of_colleague"),
            models.Index("due_on", condition=Q(state="open"), name="task_open_by_day"),
            models.Index("closed_by", "closed_at", condition=~Q(closed_at=None), name="task_closed_by_colleague"),
            models.Index("closed_at", condition=~Q(closed_at=None), name="task_closed"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == TaskState.OPEN

    @property
    def is_done(self) -> bool:
        return self.state == TaskState.DONE
