"""Admin of closed days, periodic work and currency rates."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
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
                    " first rate stay unknown; they are not taken for 0. Events that wait for a rate get their value"
                    " within a minute of it; others keep the value they have. MRR, contracts and invoices are"
                    " converted at today’s rate."
                ),
            },
        ),
    )

    def save_model(self, request: HttpRequest, obj: CurrencyRate, form: Any, change: bool) -> None:
        obj.noted_at = None  # what follows from it is noted by a worker
        super().save_model(request, obj, form, change)

    @admin.display(description=_("reads"))
    def reads(self, row: CurrencyRate) -> str:
        return f"1 {row.currency} = {row.rate.normalize():f} {settings.BASE_CURRENCY}"
