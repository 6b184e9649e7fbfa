import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.spread import OnErase, OnMerge
from customers.models import Customer
from playbooks.models.task import TaskKind
from staff.models import User


class ChecklistTemplate(models.Model):
    """What is always done in the same order: tasks with days from the start, to be begun for a customer."""

    title = models.CharField(_("title"), max_length=200, unique=True)
    description = models.CharField(_("when to use it"), max_length=500, blank=True)
    is_offered = models.BooleanField(_("offered"), default=True)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("checklist template")
        verbose_name_plural = _("checklist templates")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class TemplateItem(models.Model):
    class Role(models.TextChoices):
        OWNER = "owner", _("The customer’s owner")
        STARTER = "starter", _("Who starts the checklist")

    template = models.ForeignKey(ChecklistTemplate, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("what"), max_length=300)
    kind = models.CharField(_("kind"), max_length=10, choices=TaskKind.choices, default=TaskKind.OTHER)
    days = models.PositiveSmallIntegerField(_("days from the start"), default=0)
    role = models.CharField(_("who"), max_length=10, choices=Role.choices, default=Role.OWNER)

    class Meta:
        verbose_name = _("item of a checklist")
        verbose_name_plural = _("items of a checklist")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "position"],
                name="one_item_in_each_place",
                # A new order is written in one statement, or within one transaction.
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="items_are_counted_from_one"),
            models.CheckConstraint(condition=Q(kind__in=TaskKind.values), name="item_kind_is_known"),
            models.CheckConstraint(condition=Q(role__in=["owner", "starter"]), name="item_role_is_known"),
        ]

    def __str__(self) -> str:
        return self.title


class Checklist(models.Model):
    """A checklist begun for a customer: tasks in an order, which name it."""

    pk = models.CompositePrimaryKey("customer_id", "id")
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, db_index=False, related_name="checklists")
    id = models.UUIDField(default=uuid.uuid4)
    title = models.CharField(_("title"), max_length=200)
    template = models.ForeignKey(ChecklistTemplate, null=True, on_delete=models.SET_NULL, related_name="+")
    begun_at = models.DateTimeField(_("begun"))
    begun_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    on_merge: ClassVar = OnMerge.MOVE
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")

    def __str__(self) -> str:
        return self.title
