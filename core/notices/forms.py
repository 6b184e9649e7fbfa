from collections.abc import Collection
from typing import Any

from django import forms

from core.notices import kinds


class KindsForm(forms.Form):
    """A switch for each kind of notice, on for those that are told."""

    def __init__(self, *args: Any, muted: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in kinds.labels():
            switch = forms.CheckboxInput(attrs={"class": "form-check-input"})
            self.fields[name] = forms.BooleanField(
                label=label, required=False, initial=name not in muted, widget=switch
            )

    @property
    def muted(self) -> set[str]:
        """The kinds that are switched off."""
        return {name for name, is_on in self.cleaned_data.items() if not is_on}
