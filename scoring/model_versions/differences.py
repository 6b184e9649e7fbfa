"""What publishing a draft would change, said in one line each."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.formats import localize
from django.utils.translation import gettext as _

from events import catalogue
from scoring.model_versions import versions
from scoring.models import ScoringModel, Weight

SETTINGS = (
    "window", "half_life", "disengaged_from", "disengaged_to", "somewhat_to", "highly_to", "yellow_from",
    "green_from", "least_coverage", "least_history", "new_days_trial", "new_days_active",
    "unsent_is_unknown", "segment", "precedence",
)  # fmt: skip
OF_WEIGHT = ("points", "daily_cap", "window", "half_life", "per_contact", "is_grave")
OF_EVENT_TYPE = (*versions.OF_EVENT_TYPE, "unit")  # copied from the event type at publication
OF_FACTOR = (
    "weight", "worst", "best", "days", "max_age", "null_rule", "fixed_value", "cap_from", "cap_to", "source",
    "silent_after",
)  # fmt: skip

Row = dict[str, Any]  # label of a field → value


def between(current: ScoringModel, draft: ScoringModel) -> list[str]:
    """Return what differs in the draft. Four queries."""
    return [
        *_differing({"": _values(current, SETTINGS)}, {"": _values(draft, SETTINGS)}),
        *_differing(_weights(current, frozen=True), _weights(draft, frozen=False)),
        *_differing(_factors(current), _factors(draft)),
    ]


def _differing(before: dict[str, Row], after: dict[str, Row]) -> Iterator[str]:
    for name, row in after.items():
        if name not in before:
            yield _("%(name)s: new, %(values)s") % {"name": name, "values": _values_in_words(row)}
            continue
        for label, value in row.items():
            if value != before[name][label]:
                line = f"{label}: {_value_in_words(before[name][label])} → {_value_in_words(value)}"
                yield f"{name}, {line}" if name else line
    for name in before:
        if name not in after:
            yield _("%(name)s: no longer in it") % {"name": name}


def _weights(model: ScoringModel, *, frozen: bool) -> dict[str, Row]:
    """Return the weights by event type: a published version has copies of what a draft will take from there."""
    weights = model.weights.select_related("event_type").order_by("event_type__name")
    return {
        catalogue.label(weight.event_type.name): {
            **_values(weight, OF_WEIGHT),
            **(_frozen(weight) if frozen else _values(weight.event_type, OF_EVENT_TYPE)),
        }
        for weight in weights
    }


def _frozen(weight: Weight) -> Row:
    unit = None if weight.unit is None else Decimal(weight.unit) / 1000
    labels = [str(weight.event_type._meta.get_field(name).verbose_name) for name in OF_EVENT_TYPE]  # type: ignore[union-attr]
    flags = [getattr(weight, name) for name in versions.OF_EVENT_TYPE]
    return dict(zip(labels, (*flags, unit), strict=True))


def _factors(model: ScoringModel) -> dict[str, Row]:
    return {str(factor): _values(factor, OF_FACTOR) for factor in model.factors.all()}


def _values(row: Any, names: tuple[str, ...]) -> Row:
    return {str(row._meta.get_field(name).verbose_name): getattr(row, name) for name in names}


def _values_in_words(row: Row) -> str:
    worth_saying = {label: value for label, value in row.items() if value is not None and value is not False}
    return ", ".join(f"{label} {_value_in_words(value)}" for label, value in worth_saying.items())


def _value_in_words(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(localize(value))
