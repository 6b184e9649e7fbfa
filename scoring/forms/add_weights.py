from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from events import catalogue
from events.models import EventType
from scoring.models import ScoringModel, Weight


def not_weighed(draft: ScoringModel) -> QuerySet[EventType]:
    return EventType.objects.offered().exclude(pk__in=draft.weights.values("event_type"))


class _Choice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, event_type: Any) -> str:
        return f"{event_type.get_channel_display()}: {catalogue.label(event_type.name)}"


class EventTypesForm(forms.Form):
    """The event types a draft does not weigh yet, to take some of them in."""

    event_types = _Choice(
        label=_("Event types"), queryset=EventType.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, draft: ScoringModel, data: Any = None) -> None:
        super().__init__(data)
        self._draft = draft
        self.fields["event_types"].queryset = not_weighed(draft)  # type: ignore[attr-defined]

    def save(self) -> int:
        """Take the chosen ones in, with no points yet; return how many. Raises IntegrityError when it was published."""
        chosen = list(self.cleaned_data["event_types"])
        rows = [Weight(model=self._draft, event_type=kind, points=0) for kind in chosen]
        with transaction.atomic():
            # A colleague may have taken in the same type meanwhile; theirs stays.
            Weight.objects.bulk_create(rows, ignore_conflicts=True)
        return len(rows)
