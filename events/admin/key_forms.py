"""Forms for a new key, and for its replacement when it is rotated."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import days
from core.web.forms import NameField
from events.models import Channel
from staff import api_keys
from staff.models import ApiKey, User


class NewKey(forms.Form):
    name = NameField(
        label=_("Name"),
        max_length=100,
        help_text=_(
            "What uses the key, such as “Website”. For a key that writes events it is the source as well: give the "
            "name of a source that exists to make a second key for it, and revoke the first one when the second is "
            "in use."
        ),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        choices=[(scope, scope) for scope in ApiKey.SCOPES],
        initial=[ApiKey.EVENTS_WRITE],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A key that writes events can be read in your web pages by anyone, so it can do nothing else."),
    )
    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=Channel.choices,
        initial=Channel.PRODUCT,
        help_text=_("For a new source: the channel of event types first seen from it."),
    )
    colleague = forms.ModelChoiceField(
        label=_("Acts as"),
        queryset=User.objects.filter(is_active=True),
        required=False,
        empty_label=_("the company: sees all customers"),
        help_text=_("The key sees and may do what this colleague does, within its scopes."),
    )
    expires = forms.DateField(
        label=_("Expires on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The first day on which it no longer works. Empty: it works until it is revoked."),
    )

    def clean_scopes(self) -> list[str]:
        scopes: list[str] = self.cleaned_data["scopes"]
        if len(scopes) > 1 and set(scopes) & set(ApiKey.PUBLIC_SCOPES):
            raise ValidationError(_("A key that writes events can do nothing else: make another one for the rest."))
        return scopes

    def clean_expires(self) -> datetime | None:
        day: Any = self.cleaned_data["expires"]
        if day is None:
            return None
        moment = days.start(day)
        if moment <= timezone.now():
            raise ValidationError(_("Choose a day to come."))
        return moment


class Rotation(forms.Form):
    days = forms.IntegerField(
        label=_("Days until the old key ends"),
        min_value=0,
        max_value=90,
        initial=api_keys.OVERLAP.days,
        help_text=_("Until then both work. Put the new key where the old one is used. With 0 the old one ends now."),
    )
