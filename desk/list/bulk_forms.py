"""What a bulk act still has to know."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.web.forms import NameField
from staff.models import User

NO_OWNER = "none"


class OwnerForm(forms.Form):
    """The new owner: a colleague who may sign in, or none. One query."""

    owner = forms.ChoiceField(label=_("New owner"), widget=forms.Select(attrs={"class": "form-select"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = User.objects.filter(is_active=True).order_by("name", "pk").values_list("pk", "name")
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            *((str(pk), name) for pk, name in colleagues),
            (NO_OWNER, _("No owner")),
        ]

    def clean_owner(self) -> int | None:
        owner = self.cleaned_data["owner"]
        return None if owner == NO_OWNER else int(owner)


class TagForm(forms.Form):
    tag = NameField(
        label=_("Tag"),
        max_length=50,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
