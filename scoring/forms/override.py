"""A colleague's override of a customer's health."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.days import business_day
from core.templatetags.show import long_day
from scoring import overrides


class OverrideForm(forms.Form):
    """What a colleague judges, why, and until when it stands."""

    health = forms.IntegerField(label=gettext_lazy("Health, 0 to 100"), min_value=0, max_value=100)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, strip=True)
    until = forms.DateField(
        label=gettext_lazy("Up to and including"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, data: Mapping[str, Any] | None, *, now: datetime) -> None:
        super().__init__(data)
        self.today = business_day(now)
        self.fields["until"].initial = self.today + timedelta(days=30)
        last = self.today + overrides.LONGEST
        self.fields["until"].widget.attrs |= {"min": f"{self.today}", "max": f"{last}"}
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        last = self.today + overrides.LONGEST
        if not self.today <= until <= last:
            raise forms.ValidationError(_("Choose a day from today to %(last)s.") % {"last": long_day(last)})
        return until
