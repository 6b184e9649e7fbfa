"""What a bulk act still has to know."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.web.forms import NameField
from staff.models import Role, User

NO_OWNER = "none"


class OwnerForm(forms.Form):
    """The new owner: a colleague who may act, or nobody; none is chosen beforehand. One query."""

    owner = forms.ChoiceField(label=_("New owner"), widget=forms.Select(attrs={"class": "form-select"}))
    with_left = forms.BooleanField(
        label=_("Also those who churned or are archived"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = User.objects.filter(is_active=True).exclude(role=Role.VIEWER).order_by("name", "pk")
        self._colleagues = {str(user.pk): user for user in able}
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a colleague")),
            *((pk, user.name) for pk, user in self._colleagues.items()),
            (NO_OWNER, _("No owner")),
        ]

    def clean_owner(self) -> User | None:
        owner = self.cleaned_data["owner"]
        return None if owner == NO_OWNER else self._colleagues[owner]


class TagForm(forms.Form):
    tag = NameField(
        label=_("Tag"),
        max_length=50,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
