"""Admin of closed days, periodic work and currency rates."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin.parts import FilledIn, ReadOnlyAdmin
from core.models import ClosedDay, CurrencyRate, Run
from core.money import is_currency


@admin.register(ClosedDay)
class ClosedDayAdmin(ReadOnlyAdmin):
    list_display = ("day", "closed_at")
    ordering = ("-day",)
    list_per_page = 50


class Finished(FilledIn):
    title, parameter_name = _("finished"), "finished"
    column, words = "finished_at", (_("Not yet"), _("Finished"))


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    list_display = ("job", "period", "shard", "tries", "leased_until", "finished_at")
    list_filter = ("job", Finished)
    search_fields = ("period",)
    ordering = ("-pk",)
    # Counting all rows takes longer than showing fifty.
    show_full_result_count = False


class CurrencyRateForm(forms.ModelForm):
    """A rate of another currency that exists."""

    class Meta:
        model = CurrencyRate
        fields = ["currency", "day", "rate"]

    def clean_currency(self) -> str:
        code: str = self.cleaned_data["currency"].strip().upper()
        if code == settings.BASE_CURRENCY:
            raise forms.ValidationError(_("This is the base currency: it needs no rate."))
        if not is_currency(code):
            raise forms.ValidationError(_("There is no such currency. Use three letters, such as USD."))
        return code


@admin.register(CurrencyRate)
class CurrencyRateAdmin(admin.ModelAdmin):
    form = CurrencyRateForm
    list_display = ("currency", "day", "rate", "reads")
    list_filter = ("currency",)
    date_hierarchy = "day"
    fieldsets = (
        (
            None,
            {
                "fields": ("currency", "day", "rate"),
                "description": _(
                    "A rate holds from its day on, until the next one of the same currency. Amounts of a day before the"
                    " first rate stay unknown; they are not taken for 0. An event keeps the value it was stored with;"
                    " MRR, contracts and invoices are converted at today’s rate."
                ),
            },
        ),
    )

    @admin.display(description=_("reads"))
    def reads(self, row: CurrencyRate) -> str:
        return f"1 {row.currency} = {row.rate.normalize():f} {settings.BASE_CURRENCY}"
