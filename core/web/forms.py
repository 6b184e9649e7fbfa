"""What the forms that enter data share: how fields look, and fields for days and currencies."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.money import is_currency


class EntryForm(forms.Form):
    """A form whose fields look as Rapport's do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = look(field)


class DayField(forms.DateField):
    # What a browser's own field reads, in any language.
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class CurrencyField(forms.CharField):
    """An ISO 4217 code, in small letters too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=gettext_lazy("Currency"), max_length=3, initial=settings.BASE_CURRENCY, **kwargs)

    def clean(self, value: Any) -> str:
        code: str = super().clean(value).upper()
        if not is_currency(code):
            raise forms.ValidationError(_("There is no such currency. Use three letters, such as EUR."))
        return code


def look(field: forms.Field) -> str:
    if isinstance(field, forms.BooleanField):
        return "form-check-input"
    return "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
