"""Which events are wrong, and what to do with them."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.forms import DayField, EntryForm
from customers.models import Customer
from events import catalogue
from events.corrections import lifecycle
from events.models import Correction, EventType, Source
from imports.kinds import events as files
from imports.models import Import
from staff.models import User

_SOURCE = gettext_lazy("For the events of one customer, open the customer and choose “Correct events”.")
_TO_TYPE = gettext_lazy("Only when they are moved.")
WITHDRAW, REMAP = Correction.Kind.WITHDRAW, Correction.Kind.REMAP


class _TypeField(forms.ModelChoiceField):
    def label_from_instance(self, event_type: Any) -> str:
        return catalogue.label(event_type.name)


class CorrectionForm(EntryForm):
    """The question. A customer or an import is chosen where it is looked at; what a link chose is sent along."""

    customer = forms.ModelChoiceField(Customer.objects.none(), required=False, widget=forms.HiddenInput)
    file = forms.ModelChoiceField(Import.objects.none(), required=False, widget=forms.HiddenInput)
    source = forms.ModelChoiceField(
        Source.objects.none(), required=False, label=gettext_lazy("Source"), help_text=_SOURCE
    )
    event_type = _TypeField(EventType.objects.none(), required=False, label=gettext_lazy("Event type"))
    first_on = DayField(required=False, label=gettext_lazy("From day"))
    last_on = DayField(required=False, label=gettext_lazy("To day"))
    kind = forms.ChoiceField(
        label=gettext_lazy("What to do"),
        choices=[(WITHDRAW, gettext_lazy("Withdraw them")), (REMAP, gettext_lazy("Move them to another event type"))],
    )
    to_type = _TypeField(
        EventType.objects.none(), required=False, label=gettext_lazy("Other event type"), help_text=_TO_TYPE
    )

    def __init__(self, *args: Any, by: User, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by, self._now = by, now
        self._choose("customer", Customer.objects.visible_to(by))
        self._choose("file", Import.objects.visible_to(by).filter(kind="events"))
        # What records and answers tell is changed there.
        self._choose("source", Source.objects.exclude(kind=Source.Kind.RECORDS), _("Any source"))
        # By name: the order of channels says nothing in one list.
        self._choose("event_type", EventType.objects.filter(merged_into=None).order_by("name"), _("Any event type"))
        self._choose("to_type", EventType.objects.offered().order_by("name"), "–")

    def _choose(self, name: str, rows: QuerySet[Any], empty: str = "") -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset, field.empty_label = rows, empty

    @property
    def chosen(self) -> dict[str, Any]:
        """The customer and the import that were chosen before the form was opened, as far as they are there."""
        return {name: self._chosen(name) for name in ("customer", "file")}

    def _chosen(self, name: str) -> Any:
        field, value = self.fields[name], self[name].value()
        assert isinstance(field, forms.ModelChoiceField)
        is_number = isinstance(value, int) or (isinstance(value, str) and value.isdecimal() and len(value) < 19)
        return field.queryset.filter(Q(pk=value)).first() if field.queryset is not None and is_number else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not (data.get("customer") or data.get("source") or data.get("file")):
            self.add_error("source", _("Choose a source, or open a customer and correct their events from there."))
        if data.get("kind") == REMAP and not data.get("to_type"):
            self.add_error("to_type", _("Choose the event type they are to become."))
        first, last = data.get("first_on"), data.get("last_on")
        if first and last and first > last:
            self.add_error("last_on", _("This day is before the first one."))
        return data

    def ask(self) -> Correction:
        """Have workers count what the correction would change."""
        data = {name: value for name, value in self.cleaned_data.items() if name not in ("kind", "file", "to_type")}
        to_type = self.cleaned_data["to_type"] if self.cleaned_data["kind"] == REMAP else None
        file = self.cleaned_data["file"]
        if file is not None:
            data["source"] = files.source(self._now)  # all files share it
        file_pk = None if file is None else file.pk
        return lifecycle.withdraw(**data, file=file_pk, to_type=to_type, now=self._now, by=self._by)
