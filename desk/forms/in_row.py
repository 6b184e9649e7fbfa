"""One field of a customer, changed in its row of the list: owner, stage or tags, by the rules of the whole form."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.names.cleaning import cleaned_name
from core.spreadsheets import cells
from core.web.concurrent_edit import MeanwhileForm
from customers.described import origins
from customers.described.rules import Rules
from customers.models import Customer, FieldOrigin, Stage
from desk.forms import handing_over
from desk.forms.changed_by import changed_by
from staff.models import User
from staff.owners import NO_OWNER, owner_choices


class FieldForm(MeanwhileForm):
    """`name` is the field; `change` what it does to the customer, for `lifecycle`."""

    name = ""
    field_order = ("owner", "stage", "tags", "sure")
    sure = forms.BooleanField(label=gettext_lazy("Save anyway"), required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, customer: Customer, by: User) -> None:
        # Ids of its own: the filter of the list has fields of the same names.
        super().__init__(data, initial={self.name: self.shown(customer)}, auto_id="in-row-%s")
        self.customer, self._by = customer, by
        field = self.fields[self.name]
        field.widget.attrs["autofocus"] = True
        decided = origins.decided(customer, FieldOrigin.STAFF, Rules.of_sources())
        if self.name in decided:
            field.disabled = True
            field.help_text = origins.words_of_decided(decided[self.name])

    def shown(self, customer: Customer) -> str:
        """Return the value as the form shows it."""
        raise NotImplementedError

    @property
    def change(self) -> dict[str, Any]:
        raise NotImplementedError

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        if not self.errors:
            handing_over.warn(self, [(self.customer, self.change)], by=self._by)
        return data

    def changed_by(self, name: str) -> tuple[str, datetime] | None:
        return changed_by(self.customer, name)


class OwnerInRow(FieldForm):
    name = "owner"
    owner = forms.ChoiceField(label=gettext_lazy("Owner"))

    def __init__(self, data: Any = None, *, customer: Customer, by: User) -> None:
        super().__init__(data, customer=customer, by=by)
        self.fields["owner"].choices = owner_choices(customer.owner)  # type: ignore[attr-defined]

    def shown(self, customer: Customer) -> str:
        return str(customer.owner_id or NO_OWNER)

    @property
    def change(self) -> dict[str, Any]:
        owner = self.cleaned_data["owner"]
        return {"owner_id": None if owner == NO_OWNER else int(owner)}


class StageInRow(FieldForm):
    """The day of churn follows the stage; the whole form can set another one."""

    name = "stage"
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), choices=Stage.choices)

    def shown(self, customer: Customer) -> str:
        return customer.stage

    @property
    def change(self) -> dict[str, Any]:
        return {"stage": self.cleaned_data["stage"]}


class TagsInRow(FieldForm):
    name = "tags"
    tags = forms.CharField(
        label=gettext_lazy("Tags"), max_length=1_000, required=False, help_text=gettext_lazy("Separated by commas.")
    )

    def shown(self, customer: Customer) -> str:
        return cells.joined(customer.tags)

    def clean_tags(self) -> list[str]:
        tags = cells.words(self.cleaned_data["tags"], cleaned_name)
        if any(len(tag) > 50 for tag in tags):
            raise forms.ValidationError(_("A tag has at most 50 characters."))
        return tags

    @property
    def change(self) -> dict[str, Any]:
        return {"tags": self.cleaned_data["tags"]}


FORMS: dict[str, type[FieldForm]] = {form.name: form for form in (OwnerInRow, StageInRow, TagsInRow)}
