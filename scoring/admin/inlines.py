from typing import Any

from django.contrib import admin
from django.db.models import DecimalField
from django.forms import BaseInlineFormSet, NumberInput
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from scoring.models import Factor, FactorKind, ScoringModel, Status, Weight


class NamedFields(BaseInlineFormSet):
    """Each field says its column's name and help: in a table, Django gives a field neither label nor help text."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            inner = getattr(field.widget, "widget", field.widget)  # a relation's is wrapped
            if not inner.is_hidden:
                inner.attrs |= {"aria-label": field.label, "title": field.help_text}
            field.help_text = ""  # its id would lead nowhere; the column's head is made from the model's


class OfDraft(admin.TabularInline):
    """Rows of a version; they change as long as it is a draft."""

    extra = 0
    formset = NamedFields
    formfield_overrides = {DecimalField: {"widget": NumberInput(attrs={"class": "vIntegerField"})}}  # narrow

    def has_add_permission(self, request: HttpRequest, obj: ScoringModel | None = None) -> bool:
        return _is_draft(obj)

    def has_change_permission(self, request: HttpRequest, obj: ScoringModel | None = None) -> bool:
        return _is_draft(obj)

    def has_delete_permission(self, request: HttpRequest, obj: ScoringModel | None = None) -> bool:
        return _is_draft(obj)


class WeightInline(OfDraft):
    """What each event type is worth. More event types come in by the draft's button "Add event types"."""

    model = Weight
    fields = ("event_type", "channel", "points", "daily_cap", "window", "half_life", "per_contact", "is_grave")
    readonly_fields = ("event_type", "channel")
    max_num = 0

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("event_type")

    @admin.display(description=_("channel"))
    def channel(self, weight: Weight) -> str:
        return weight.event_type.get_channel_display()


class FactorInline(OfDraft):
    model = Factor
    fields = (
        "kind", "name", "group", "weight", "worst", "best", "days", "max_age", "null_rule", "fixed_value", "cap_from",
        "cap_to", "source", "silent_after",
    )  # fmt: skip
    max_num = len(FactorKind) + 20  # attributes come in any number


def _is_draft(model: ScoringModel | None) -> bool:
    return model is not None and model.status == Status.DRAFT
