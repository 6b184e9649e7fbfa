"""Conditions of segments: each app offers kinds of its own (settings.SEGMENT_CONDITIONS), one form each.

A condition is a bound form: its fields are what the builder shows, its validation is that of page and API, and a
valid one says what it asks of the database (`expression`) and of a reader (`sentence`).
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.db.models import Q
from django.db.models.expressions import Combinable
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy

LONGEST_VALUE = 200
FARTHEST = 730  # days: as far back as the longest window of a score

Asked = Q | Combinable


@dataclass(frozen=True, slots=True)
class Moment:
    """The day a rule is asked for, which its windows end with.

    `known_on` is the same day while it is closed, so that scores and counts are those known then; None is now.
    """

    today: date
    known_on: date | None = None


class Lookups:
    """What the conditions of one rule look up, such as the event types: each once, however many ask."""

    def __init__(self) -> None:
        self._loaded: dict[Hashable, Any] = {}

    def once(self, name: Hashable, load: Callable[[], Any]) -> Any:
        if name not in self._loaded:
            self._loaded[name] = load()
        return self._loaded[name]


class Condition(forms.Form):
    """A kind of condition.

    `uses_scores`: it looks at scores or at what they are made of, so it cannot choose who is scored how (decision 12).
    """

    kind: ClassVar[str]
    label: ClassVar[str | Promise]
    uses_scores: ClassVar[bool] = False

    def __init__(self, data: Any = None, *, lookups: Lookups | None = None, prefix: str | None = None) -> None:
        super().__init__(data, prefix=prefix, auto_id="c-%s", use_required_attribute=False)
        self.lookups = lookups or Lookups()
        self.load_choices()
        for field in self.fields.values():
            is_select = isinstance(field, forms.ChoiceField)
            field.widget.attrs.setdefault("class", "form-select" if is_select else "form-control")
            field.widget.attrs.setdefault("autocomplete", "off")

    def load_choices(self) -> None:
        """Set the choices that come from the database, by way of `lookups`."""

    def needs(self, name: str, data: Mapping[str, Any]) -> None:
        """Note an error when what was chosen beside it needs a field that is empty."""
        if data.get(name) in (None, "") and name not in self.errors:
            self.add_error(name, forms.ValidationError(self.fields[name].error_messages["required"], "required"))

    @property
    def parameters(self) -> dict[str, Any]:
        """The values as JSON: what a rule keeps."""
        return {name: _plain(value) for name, value in self.cleaned_data.items() if value not in (None, "", [])}

    def chosen(self, name: str) -> str:
        """Return the words of the option that was chosen."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return str(dict(field.choices).get(self.cleaned_data[name], self.cleaned_data[name]))  # type: ignore[arg-type]

    def expression(self, moment: Moment) -> Asked:
        """Return the condition on a query of customers, from a valid form."""
        raise NotImplementedError

    def sentence(self) -> str:
        raise NotImplementedError


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def kinds() -> dict[str, type[Condition]]:
    """Return every kind of condition by its name, in the order in which the builder offers them."""
    offered: Iterable[type[Condition]] = (
        kind for module in settings.SEGMENT_CONDITIONS for kind in import_string(f"{module}.CONDITIONS")
    )
    return {kind.kind: kind for kind in offered}


def days_field(*, required: bool = True, label: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label or gettext_lazy("Days"), min_value=1, max_value=FARTHEST, required=required)
