from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.concurrent_edit import MeanwhileForm
from core.web.forms import CurrencyField, DayField, NameField
from records.models import Contract

FIELDS = ("name", "starts_on", "renews_on", "ends_on", "monthly_value", "currency")


class ContractForm(MeanwhileForm):
    name = NameField(label=gettext_lazy("Name"), max_length=200)
    starts_on = DayField(label=gettext_lazy("Starts on"))
    renews_on = DayField(
        label=gettext_lazy("Renews on"),
        required=False,
        help_text=gettext_lazy("Within 90 days of renewal, a customer at risk stands higher in the list."),
    )
    ends_on = DayField(
        label=gettext_lazy("Ended on"), required=False, help_text=gettext_lazy("Leave empty while the contract runs.")
    )
    monthly_value = forms.DecimalField(
        label=gettext_lazy("Monthly value"), required=False, min_value=0, max_digits=14, decimal_places=2
    )
    currency = CurrencyField()

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        starts_on = data.get("starts_on")
        if starts_on and data.get("ends_on") and data["ends_on"] < starts_on:
            self.add_error("ends_on", _("A contract cannot end before it starts."))
        if starts_on and data.get("renews_on") and data["renews_on"] < starts_on:
            self.add_error("renews_on", _("A contract cannot renew before it starts."))
        return data

    @staticmethod
    def shown(contract: Contract) -> dict[str, Any]:
        return {name: getattr(contract, name) for name in FIELDS}
