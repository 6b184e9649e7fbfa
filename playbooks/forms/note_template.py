from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.forms import EntryForm, NameField
from playbooks.models import NoteTemplate


class NoteTemplateForm(EntryForm):
    title = NameField(label=gettext_lazy("Title"), max_length=100)
    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=5_000, strip=False, widget=forms.Textarea(attrs={"rows": 8})
    )

    def __init__(self, *args: Any, template: NoteTemplate | None, **kwargs: Any) -> None:
        self._template = template
        super().__init__(*args, **kwargs)

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        there = NoteTemplate.objects.filter(title=title).first()
        if there is not None and there != self._template:
            raise forms.ValidationError(_("There is a text of this title."))
        return title
