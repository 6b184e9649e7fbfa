from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.spread import OnErase, OnMerge
from records.models.parts import Record


class Contract(Record):
    """What a customer signed, from when, and when it renews."""

    name = models.CharField(_("name"), max_length=200)
    starts_on = models.DateField(_("starts on"))
    renews_on = models.DateField(_("renews on"), null=True, blank=True)
    ends_on = models.DateField(_("ended on"), null=True, blank=True)
    monthly_value = models.DecimalField(_("monthly value"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)

    on_merge: ClassVar = OnMerge.STEP
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="contract_ends_after_its_start",
                violation_error_message=_("A contract cannot end before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"),
                name="contract_currency_has_three_letters",
                violation_error_message=_("A currency is three capital letters, such as EUR."),
            ),
        ]
        indexes = [models.Index("next_on", condition=~Q(next_on=None), name="contract_by_next_day")]

    def __str__(self) -> str:
        return self.name

    @property
    def renewal(self) -> date | None:
        """The day it renews on, unless it ends before; `records.renewals.renewing` asks the same of the database."""
        is_kept = self.renews_on and (self.ends_on is None or self.renews_on <= self.ends_on)
        return self.renews_on if is_kept else None
