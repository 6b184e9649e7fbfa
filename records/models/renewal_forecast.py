from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.spread import OnErase, OnMerge
from customers.models import Customer
from staff.models import User


class RenewalForecast(models.Model):
    """What a colleague expects of a customer's renewals in one month, and what they will be worth a month."""

    class Category(models.TextChoices):
        COMMIT = "commit", _("Commit")
        BEST_CASE = "best_case", _("Best case")
        AT_RISK = "at_risk", _("At risk")
        CHURN = "churn", _("Churn")

    pk = models.CompositePrimaryKey("customer_id", "id")
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.DO_NOTHING,
        db_index=False,
        related_name="renewal_forecasts",
    )
    # The month itself, because merging moves rows by their id: where both customers have one, each keeps its own.
    id = models.CharField(_("month"), max_length=7, help_text=_("Such as 2026-12."))
    category = models.CharField(_("forecast"), max_length=9, choices=Category.choices)
    amount = models.DecimalField(_("amount a month"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default=settings.BASE_CURRENCY)
    by = models.ForeignKey(
        User, verbose_name=_("by"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("at"))

    on_merge: ClassVar = OnMerge.MOVE
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        verbose_name = _("renewal forecast")
        verbose_name_plural = _("renewal forecasts")
        constraints = [
            models.CheckConstraint(condition=Q(id__regex=r"^[0-9]{4}-(0[1-9]|1[0-2])$"), name="forecast_is_of_a_month"),
            models.CheckConstraint(
                condition=Q(category__in=["commit", "best_case", "at_risk", "churn"]), name="forecast_category_is_known"
            ),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gte=0), name="forecast_is_not_negative"),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="forecast_currency_has_three_letters"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.id}: {self.category}"


def month_of(day: date) -> str:
    """Return the month of a day as forecasts name it."""
    return f"{day:%Y-%m}"
