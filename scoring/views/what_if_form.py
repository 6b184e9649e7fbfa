"""Other numbers for a draft, as a form: what is left as it stands is not tried."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from events import catalogue
from scoring.models import ScoringModel
from scoring.models.factor import MAX_FACTOR_WEIGHT
from scoring.what_if.ask import Try, factor_key

BOUNDS = ("yellow_from", "green_from")


class TryForm(forms.Form):
    """Points of each event type, weight of each factor, and where health turns yellow and green."""

    def __init__(self, draft: ScoringModel, data: Mapping[str, Any]) -> None:
        self.standing: dict[str, Any] = {}
        weights = draft.weights.select_related("event_type").order_by("event_type__channel", "event_type__name")
        fields: dict[str, forms.Field] = {}
        for weight in weights:
            name = f"points-{weight.event_type_id}"
            self.standing[name] = weight.points
            fields[name] = forms.DecimalField(
                label=catalogue.label(weight.event_type.name),
                min_value=-1000,
                max_value=1000,
                decimal_places=2,
                required=False,
            )
        for factor in draft.factors.all():
            name = f"weight-{factor_key(factor)}"
            self.standing[name] = factor.weight
            fields[name] = forms.IntegerField(
                label=str(factor), min_value=1, max_value=MAX_FACTOR_WEIGHT, required=False
            )
        for name in BOUNDS:
            self.standing[name] = getattr(draft, name)
            label = draft._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            fields[name] = forms.DecimalField(label=label, min_value=0, max_value=100, decimal_places=2, required=False)
        # Always bound, with the draft's numbers where none was sent: an address may try a single one.
        values = {name: data.get(name) or value for name, value in self.standing.items()}
        super().__init__(values)
        self.fields.update(fields)
        for field in fields.values():
            field.widget.attrs["class"] = "form-control"

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        yellow, green = (cleaned.get(name) for name in BOUNDS)
        if yellow is not None and green is not None and not 0 < yellow < green:
            raise ValidationError(_("Health bands must lie between 0 and 100, yellow below green."))
        return cleaned

    @property
    def tried(self) -> Try:
        """Return what differs from the draft. The form must be good."""
        changed = {n: v for n, v in self.cleaned_data.items() if v is not None and v != self.standing[n]}
        return Try(
            points={int(n.removeprefix("points-")): v for n, v in changed.items() if n.startswith("points-")},
            weights={n.removeprefix("weight-"): v for n, v in changed.items() if n.startswith("weight-")},
            bounds={n: Decimal(v) for n, v in changed.items() if n in BOUNDS},
        )

    @property
    def is_tried(self) -> bool:
        return self.is_valid() and bool(self.tried)

    @property
    def changed(self) -> Iterator[tuple[str, Any, Any]]:
        """Return what is tried in words: a label, what stands in the draft, what is tried. The form must be good."""
        for name, standing in self.standing.items():
            tried = self.cleaned_data[name]
            if tried is not None and tried != standing:
                yield str(self.fields[name].label), standing, tried

    @property
    def points(self) -> Iterator[forms.BoundField]:
        return (field for field in self if field.name.startswith("points-"))

    @property
    def weights(self) -> Iterator[forms.BoundField]:
        return (field for field in self if field.name.startswith("weight-"))

    @property
    def bounds(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in BOUNDS)

    @property
    def hidden(self) -> Iterator[tuple[str, Any]]:
        """What to send again to save what is tried."""
        return ((name, self[name].value()) for name in self.fields)
