from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.spread import OnErase, OnMerge
from records.models.parts import Record


class Invoice(Record):
    """An amount a customer owes: when it is due, and when it was paid."""

    number = models.CharField(_("number"), max_length=100)
    issued_on = models.DateField(_("issued on"))
    due_on = models.DateField(_("due on"), null=True, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    is_void = models.BooleanField(_("cancelled"), default=False)

    on_merge: ClassVar = OnMerge.STEP
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__gte=models.F("issued_on")),
                name="invoice_is_due_after_its_issue",
                violation_error_message=_("An invoice cannot be due before it is issued."),
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"),
                name="invoice_currency_has_three_letters",
                violation_error_message=_("A currency is three capital letters, such as EUR."),
            ),
        ]
        indexes = [
            # Partial: the daily job and the sums look for unpaid invoices only, which are few.
            models.Index("due_on", condition=Q(paid_on=None, is_void=False), name="invoice_unpaid_by_due_day"),
            # What is to be paid on a day ahead is unpaid too.
            models.Index("paid_on", condition=~Q(paid_on=None), name="invoice_by_payment_day"),
            models.Index("next_on", condition=~Q(next_on=None), name="invoice_by_next_day"),
        ]

    def __str__(self) -> str:
        return self.number
