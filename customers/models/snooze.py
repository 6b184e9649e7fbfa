from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.spread import OnErase, OnMerge
from customers.models.customer import Customer
from staff.models import User


class Snooze(models.Model):
    """Why a customer is not in the at-risk list for a while; it ends by itself."""

    class Kind(models.TextChoices):
        SNOOZED = "snoozed", _("Snoozed")
        HANDLED = "handled", _("Handled")

    customer = models.OneToOneField(Customer, primary_key=True, on_delete=models.CASCADE, related_name="snooze")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    until = models.DateField(_("until"), help_text=_("The last day of the snooze."))
    reason = models.CharField(_("reason"), max_length=300)
    # Null beside `at`, so no constraint can hold the two together: the company's own key snoozes as nobody, and a
    # colleague who is deleted leaves the snooze in place.
    by = models.ForeignKey(User, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(_("at"))
    health = models.SmallIntegerField(
        null=True,
        editable=False,
        help_text="Hundredths, when it began; a further fall ends it. None: unknown",
    )

    on_merge: ClassVar = OnMerge.KEEP
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        verbose_name = _("snooze")
        verbose_name_plural = _("snoozes")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["snoozed", "handled"]), name="snooze_kind_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_snooze_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind} until {self.until}"
