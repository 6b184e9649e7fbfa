"""Free attributes as pairs of fields: a name and a value each, with room for more."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.names.cleaning import cleaned_name
from core.templatetags.show import NOTHING
from core.web import concurrent_edit

SEEN = "attribute_seen"
ROOM = 3  # empty pairs to write more into
MOST, LONGEST_NAME, LONGEST_VALUE = 100, 100, 1_000
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?")


class Attributes:
    """The pairs of one customer. Lists and objects, which systems send, are kept and not shown as fields."""

    def __init__(self, before: Mapping[str, Any], data: Any = None) -> None:
        self._before = dict(before)
        # A text field could not give lists and objects back as they were.
        self._kept = {key: value for key, value in before.items() if isinstance(value, dict | list)}
        self.errors: list[str] = []
        shown = [(key, _as_text(value)) for key, value in before.items() if key not in self._kept]
        self.seen = json.dumps(dict(shown))  # the form carries it, as it does for its other fields
        if data is not None:
            names, values = data.getlist("attribute_name"), data.getlist("attribute_value")
            shown = [(cleaned_name(name), value.strip()) for name, value in zip(names, values, strict=False)]
            self._check(shown)
            if self.errors:
                # Nothing was compared yet, so the next attempt compares with the same.
                self.seen = data.get(SEEN, self.seen)
            elif SEEN in data:
                shown = self._merged(dict(shown), concurrent_edit.read(data[SEEN]))
        self._shown = [pair for pair in shown if any(pair)]

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield what the form shows: name and value of each, then empty ones."""
        yield from self._shown
        yield from [("", "")] * ROOM

    def _merged(self, data: dict[str, str], seen: dict[str, Any]) -> list[tuple[str, str]]:
        """Take over what only others changed since the form was shown; what both changed becomes an error."""
        now = json.loads(self.seen)
        for name in {**seen, **now}:
            before, stored, mine = (pairs.get(name) for pairs in (seen, now, data))
            if stored in (before, mine):
                continue
            if mine != before:
                self.errors.append(concurrent_edit.changed(name, before or NOTHING, stored or NOTHING))
            elif stored is None:
                del data[name]
            else:
                data[name] = stored
        return list(data.items())

    @property
    def value(self) -> dict[str, Any]:
        """Return the attributes. An untouched value keeps its type; a new one that reads as a number becomes one."""
        return {**self._kept, **{name: self._typed(name, text) for name, text in self._shown}}

    def _typed(self, name: str, text: str) -> Any:
        if name in self._before and _as_text(self._before[name]) == text:
            return self._before[name]
        if _NUMBER.fullmatch(text):
            return float(text) if "." in text else int(text)
        return text

    def _check(self, pairs: list[tuple[str, str]]) -> None:
        names = [name for name, _value in pairs if name]
        if any(value and not name for name, value in pairs):
            self.errors.append(_("An attribute has a value and no name."))
        if len(set(names)) < len(names) or set(names) & set(self._kept):
            self.errors.append(_("Two attributes have the same name."))
        if len(names) > MOST or any(len(n) > LONGEST_NAME or len(v) > LONGEST_VALUE for n, v in pairs):
            self.errors.append(_("These are too many attributes, or one of them is too long."))
        if any("\0" in name + value for name, value in pairs):
            self.errors.append(_("An attribute holds a character that cannot be stored."))


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
