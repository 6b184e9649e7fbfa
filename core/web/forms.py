"""What the forms that enter data share: how fields look, and fields for days and currencies."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.money import is_currency
from core.names import addresses
from core.names.cleaning import cleaned_id, cleaned_name


class EntryForm(forms.Form):
    """A form whose fields look as Rapport's do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = look(field)


class NameField(forms.CharField):
    """A text of one line, kept without invisible characters (core.names.cleaning)."""

    clean_text = staticmethod(cleaned_name)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return self.clean_text(text) or self.empty_value if isinstance(text, str) else text


class IdField(NameField):
    """An id of another system, kept without invisible characters."""

    clean_text = staticmethod(cleaned_id)


class AddressField(forms.EmailField):
    """An e-mail address by the rule of every door (core.names.addresses), in small letters."""

    default_validators = []  # Django's own rule refuses letters beyond ASCII

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text in self.empty_values:
            return text
        address = addresses.email(text)
        if address is None:
            raise forms.ValidationError(EmailValidator.message, code="invalid")
        return address


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
