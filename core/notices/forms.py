from collections.abc import Collection
from typing import Any

from django import forms

from core.notices import kinds


class KindsForm(forms.Form):
    """A switch for each kind of notice, on for those that are told."""

    # Which switches were on the page: a box that is off is not sent, and neither is one that was not there.
    shown = forms.MultipleChoiceField(choices=kinds.labels, widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, muted: Collection[str], **kwargs: Any) -> None:
        self._muted_before = {*muted}
        super().__init__(*args, **kwargs)
        labels = kinds.labels()
        self.initial["shown"] = [name for name, _label in labels]
        for name, label in labels:
            switch = forms.CheckboxInput(attrs={"class": "form-check-input"})
            self.fields[_field(name)] = forms.BooleanField(
                label=label, required=False, initial=name not in muted, widget=switch
            )

    @property
    def muted(self) -> set[str]:
        """The kinds that are switched off, with those that were and were not shown."""
        shown = {*self.cleaned_data["shown"]}
        return self._muted_before - shown | {name for name in shown if not self.cleaned_data[_field(name)]}


def _field(kind: str) -> str:
    return f"tell-{kind}"
