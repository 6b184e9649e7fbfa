"""Forms of checklists: beginning one for a customer, and editing a template."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.forms import EntryForm, NameField
from playbooks.checklists import label
from playbooks.models import ChecklistTemplate, TaskKind, TemplateItem

MORE = 3  # empty rows below those that are filled
MOST = 50
LONGEST = 1_000  # days


class BeginForm(EntryForm):
    template = forms.ModelChoiceField(
        label=gettext_lazy("Checklist"), queryset=ChecklistTemplate.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["template"]
        field.queryset = ChecklistTemplate.objects.filter(is_offered=True)
        field.label_from_instance = lambda template: label(template.title)


class ItemForm(EntryForm):
    """One line of a template; one without a title is left out."""

    title = NameField(label=gettext_lazy("What"), max_length=300, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=TaskKind.choices, initial=TaskKind.OTHER)
    days = forms.IntegerField(label=gettext_lazy("Days from the start"), min_value=0, max_value=LONGEST, initial=0)
    role = forms.ChoiceField(
        label=gettext_lazy("Who"), choices=TemplateItem.Role.choices, initial=TemplateItem.Role.OWNER
    )


Items = forms.formset_factory(ItemForm, extra=MORE, max_num=MOST, validate_max=True)


class TemplateForm(EntryForm):
    title = NameField(label=gettext_lazy("Title"), max_length=200)
    description = forms.CharField(label=gettext_lazy("When to use it"), max_length=500, required=False)
    is_offered = forms.BooleanField(label=gettext_lazy("Offered"), required=False, initial=True)

    def __init__(self, *args: Any, template: ChecklistTemplate | None, **kwargs: Any) -> None:
        self._template = template
        super().__init__(*args, **kwargs)

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        there = ChecklistTemplate.objects.filter(title=title).first()
        if there is not None and there != self._template:
            raise forms.ValidationError(_("There is a checklist of this title."))
        return title


def items_of(template: ChecklistTemplate | None) -> list[dict[str, Any]]:
    """Return a template's items as the formset's first values. One query."""
    rows: Any = [] if template is None else template.items.values("title", "kind", "days", "role")
    return list(rows)


def filled(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row.get("title")]
