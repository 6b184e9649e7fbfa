"""A draft as one form: its settings, what events are worth, what health is made of, event types to take in."""

from collections.abc import Iterator
from hashlib import blake2b
from itertools import groupby
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _

from core.web.forms import NameField, look
from events.models import Source
from scoring.forms.add_weights import EventTypesForm
from scoring.model_versions import versions
from scoring.models import Factor, FactorKind, ScoringModel, Status, Weight

OF_MODEL = (
    "name", "note", "segment", "precedence", "window", "half_life", "disengaged_from", "disengaged_to", "somewhat_to",
    "highly_to", "yellow_from", "green_from", "least_coverage", "least_history",
    "new_days_trial", "new_days_active", "unsent_is_unknown",
)  # fmt: skip
OF_WEIGHT = ("points", "daily_cap", "window", "half_life", "per_contact", "is_grave")
OF_FACTOR = (
    "kind", "name", "group", "weight", "worst", "best", "days", "max_age", "null_rule", "fixed_value", "cap_from",
    "cap_to", "source", "silent_after",
)  # fmt: skip
MOST_FACTORS = len(FactorKind) + 20  # attributes come in any number


class SettingsForm(forms.ModelForm):
    class Meta:
        model = ScoringModel
        fields = OF_MODEL
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}
        field_classes = {"name": NameField}


_WeightSet = forms.inlineformset_factory(ScoringModel, Weight, fields=OF_WEIGHT, extra=0, can_delete=True)
_FactorSet = forms.inlineformset_factory(
    ScoringModel, Factor, fields=OF_FACTOR, extra=1, can_delete=True, max_num=MOST_FACTORS
)


class DraftConflict(Exception):
    """Somebody else changed or published the draft; the message says what to do."""


class DraftForm:
    """All parts of a draft; they are saved together or not at all."""

    def __init__(self, draft: ScoringModel, data: Any = None) -> None:
        self.draft, self.data = draft, data
        self._stood = _digest(draft)  # before the forms write the submitted values into it
        self.seen = self._stood if data is None else data.get("seen", "")  # what the colleague has looked at
        self.settings = SettingsForm(data, instance=draft)
        # In the order of channels: `channels` groups neighbours.
        weights = draft.weights.select_related("event_type").order_by("event_type__channel", "event_type__name")
        self.weights = _WeightSet(data, instance=draft, queryset=weights)
        self.factors = _FactorSet(data, instance=draft)
        chosen = data if data is not None and "event_types" in data else None
        self.taken = EventTypesForm(draft, chosen)
        self._dress()

    def is_valid(self) -> bool:
        valid = [part.is_valid() for part in self._parts()]  # each of them, so that each says what is wrong with it
        return all(valid)

    def save(self) -> None:
        """Save all parts in one transaction. Raises DraftConflict, IntegrityError when the database refuses."""
        with transaction.atomic():
            held = ScoringModel.objects.select_for_update().get(pk=self.draft.pk)
            if held.status != Status.DRAFT:
                raise DraftConflict(_("This version has been published in the meantime. Copy it to a draft."))
            if _digest(held) != self.seen:
                self.seen = self._stood  # so that saving again overwrites what the message has just shown
                raise DraftConflict(_("A colleague changed the draft in the meantime. Save again to overwrite it."))
            for part in self._parts():
                part.save()

    def channels(self) -> list[tuple[str, list[Any]]]:
        """Return the forms of the weights by channel."""
        forms_of: list[Any] = self.weights.forms
        grouped = groupby(forms_of, key=lambda form: form.instance.event_type.get_channel_display())
        return [(channel, list(rows)) for channel, rows in grouped]

    def _parts(self) -> Iterator[Any]:
        yield from (self.settings, self.weights, self.factors)
        if self.taken.is_bound:
            yield self.taken

    def _dress(self) -> None:
        sources = [("", "–"), *((source.pk, str(source)) for source in Source.objects.order_by("name"))]
        weights: list[Any] = self.weights.forms
        factors: list[Any] = self.factors.forms
        for form in (self.settings, *weights, *factors):
            for name, field in form.fields.items():
                field.widget.attrs["class"] = look(field)
                if name == "DELETE":
                    field.label = _("Remove")
        for form in weights:
            for field in form.fields.values():
                field.widget.attrs["aria-label"] = f"{form.instance.event_type}: {field.label}"
        for form in factors:
            form.fields["source"].choices = sources  # read once, not for each factor


def _digest(draft: ScoringModel) -> str:
    """Return a digest that differs once anything of the draft was edited, its texts included."""
    parts = (versions.digest(versions.load(draft)), draft.name, draft.note, draft.segment_id, draft.precedence)
    return blake2b(repr(parts).encode(), digest_size=8).hexdigest()
