from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CurrencyRate(models.Model):
    """From `day` on, one unit of `currency` is worth `rate` units of BASE_CURRENCY."""

    currency = models.CharField(_("currency"), max_length=3, help_text=_("Three letters, such as USD."))
    day = models.DateField(_("from day"))
    rate = models.DecimalField(
        _("rate"),
        max_digits=18,
        decimal_places=8,
        help_text=_("What one unit is worth in the base currency."),
    )
    noted_at = models.DateTimeField(null=True, editable=False, help_text="When what follows from it was noted")

    class Meta:
        verbose_name = _("currency rate")
        verbose_name_plural = _("currency rates")
        ordering = ["currency", "-day"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "day"], name="one_rate_per_currency_and_day"),
            models.CheckConstraint(
                condition=Q(rate__gt=0),
                name="rate_is_positive",
                violation_error_message=_("The rate must be above 0."),
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"),
                name="currency_is_three_letters",
                violation_error_message=_("Three capital letters, such as USD."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.day}: {self.rate}"
