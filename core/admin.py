"""What the admin shows of the machinery, and what its pages share: read-only lists, one page that asks "sure?"."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from core.models import ClosedDay, CurrencyRate, Run
from core.money import is_currency


class ReadOnlyAdmin(admin.ModelAdmin):
    """To look at, not to touch: rows that other code writes."""

    actions: Sequence[str] | None = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FilledIn(admin.SimpleListFilter):
    """Whether a column has a value. `words` say what "no" and "yes" mean for it."""

    column: str
    words: tuple[Any, Any]

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return list(zip(("no", "yes"), self.words, strict=True))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in ("no", "yes"):
            return queryset
        return queryset.filter(**{f"{self.column}__isnull": self.value() == "no"})


def ask(
    request: HttpRequest,
    model_admin: admin.ModelAdmin,
    *,
    title: str,
    said: Iterable[str],
    button: str,
    listed: Iterable[str] = (),
    sent_along: Iterable[tuple[str, str]] = (),
    original: Any = None,
) -> TemplateResponse:
    """Answer with a page that says what is about to happen and posts back to its own address.

    `said` are its paragraphs, `listed` what is concerned, `sent_along` hidden fields of the form.
    """
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "original": original,
        "title": title,
        "said": said,
        "listed": list(listed),
        "button": button,
        "sent_along": sent_along,
    }
    return TemplateResponse(request, "admin/ask.html", context)


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
