"""Two people at one form: the second to save sees what the first changed where their changes clash.

The form carries what it showed. A field that only the other person changed takes their value; one that both
changed is shown once as an error, and saved when the form is sent again.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.templatetags.show import NOTHING, moment
from core.web.forms import EntryForm

SEEN = "seen"


class MeanwhileForm(EntryForm):
    """Its `initial` is what is stored now; the hidden field `seen` what was stored when the form was shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[SEEN] = forms.CharField(required=False, widget=forms.HiddenInput, initial=self._stored_as_json)
        self._clashes: list[str] = []

    def changed_by(self, name: str) -> tuple[str, datetime] | None:
        """Return who changed a field last, and when, where that is kept."""
        return None

    def full_clean(self) -> None:
        if self.is_bound:
            self._merge()
        super().full_clean()

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc] # a hook of Django's that its types leave out
        self.cleaned_data.pop(SEEN, None)
        for clash in self._clashes:
            self.add_error(None, clash)

    def _merge(self) -> None:
        """Take over what only others changed, note what both did, and show from now on what is stored now."""
        self.data = self.data.copy()  # type: ignore[attr-defined] # a QueryDict, or what a test sends
        for name, before, now in self._changed_meanwhile():
            field = self.fields[name]
            sent = field.widget.value_from_datadict(self.data, self.files, name)
            if _same(field, sent, before):
                _put(self.data, name, now)
            elif not _same(field, sent, now):
                self._clashes.append(self._clash(name, before, now))
        self.data[SEEN] = self._stored_as_json()  # type: ignore[index]

    def _changed_meanwhile(self) -> Iterator[tuple[str, str | bool, str | bool]]:
        """Yield the fields that are stored otherwise than they were shown: name, value shown, value now."""
        seen = read(self.data.get(SEEN, ""))
        for name, now in self._stored().items():
            before = seen.get(name)
            if isinstance(before, type(now)) and not _same(self.fields[name], before, now):
                yield name, before, now

    def _clash(self, name: str, before: str | bool, now: str | bool) -> str:
        field = self.fields[name]
        change = {"field": field.label, "before": _words(field, before), "now": _words(field, now)}
        if known := self.changed_by(name):
            who, at = known
            when = moment(at)
            return _(
                "%(who)s changed “%(field)s” from “%(before)s” to “%(now)s” (%(when)s). Save again to overwrite it."
            ) % {**change, "who": who, "when": when}
        return changed(change["field"], change["before"], change["now"])

    def _stored(self) -> dict[str, str | bool]:
        shown = {name: field for name, field in self.fields.items() if name != SEEN and not field.disabled}
        return {name: _plain(self.get_initial_for_field(field, name)) for name, field in shown.items()}

    def _stored_as_json(self) -> str:
        return json.dumps(self._stored())


def changed(field: Any, before: Any, now: Any) -> str:
    """Return the message for a change whose author is not known."""
    params = {"field": field, "before": before, "now": now}
    return (
        _("“%(field)s” was changed from “%(before)s” to “%(now)s” in the meantime. Save again to overwrite it.")
        % params
    )


def _plain(value: Any) -> str | bool:
    return value if isinstance(value, bool) else "" if value is None else str(value)


def _same(field: forms.Field, first: Any, other: Any) -> bool:
    """Compare two values as the field reads them: 10 is 10.00."""
    try:
        return bool(field.to_python(first) == field.to_python(other))
    except ValidationError:
        return False


def _put(data: Any, name: str, value: str | bool) -> None:
    if value is False:
        # An unticked box is not sent at all.
        data.pop(name, None)
    else:
        data[name] = "on" if value is True else value


def read(text: str) -> dict[str, Any]:
    """Return what a form carried of what it showed; nothing when somebody else wrote it."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def _words(field: forms.Field, value: str | bool) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    choices = {str(key): str(words) for key, words in getattr(field, "choices", ())}
    return choices.get(value, value) or NOTHING
