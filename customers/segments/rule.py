"""Rules of segments: conditions in groups of "all" and "any", kept as JSON in the filter's parameter `rule`.

    {"all": [{"kind": "tag", "parameters": {"has": "yes", "tag": "vip"}}, {"any": [...]}]}

Closed like every filter: what is unknown, misspelt or too much is refused as a whole, and then finds nobody.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.segments.conditions import Condition, Lookups, Moment, kinds

PARAMETER = "rule"
DEEPEST, MOST = 3, 20  # groups within each other, and conditions of one rule
LONGEST = 8_000  # characters, so that an address can carry it
ALL, ANY = "all", "any"
JOINS = {ALL: gettext_lazy("all of these"), ANY: gettext_lazy("any of these")}


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all must hold, or any."""

    join: str
    parts: "tuple[Group | Condition, ...]"

    def conditions(self) -> Iterator[Condition]:
        for part in self.parts:
            if isinstance(part, Group):
                yield from part.conditions()
            else:
                yield part

    def condition(self, moment: Moment) -> Q:
        """Return what the rule asks of a query of customers."""
        parts = (
            part.condition(moment) if isinstance(part, Group) else Q(part.expression(moment)) for part in self.parts
        )
        return reduce(and_ if self.join == ALL else or_, parts)

    def sentence(self) -> str:
        """Return the rule in words, a group within it in brackets."""
        parts = (f"({part.sentence()})" if isinstance(part, Group) else part.sentence() for part in self.parts)
        return (_(" and ") if self.join == ALL else _(" or ")).join(parts)

    def tree(self) -> dict[str, Any]:
        """Return the rule as JSON, each value in its one form."""
        return {
            self.join: [
                part.tree() if isinstance(part, Group) else {"kind": part.kind, "parameters": part.parameters}
                for part in self.parts
            ]
        }

    def of_scores(self) -> list[str]:
        """Name the kinds of its conditions that look at scores."""
        return sorted({condition.kind for condition in self.conditions() if condition.uses_scores})

    def __str__(self) -> str:
        return as_text(self.tree())


def as_text(tree: Mapping[str, Any]) -> str:
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":"))


def parse(text: str) -> Group:
    """Return the rule. Raises ValidationError with a sentence for each fault."""
    if len(text) > LONGEST:
        raise ValidationError(_("This rule is too long: at most %(most)s characters.") % {"most": LONGEST})
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        raise ValidationError(_("This rule is not valid JSON.")) from None
    return from_tree(tree)


def from_tree(tree: Any) -> Group:
    """Return the rule of a tree. Raises ValidationError with a sentence for each fault."""
    try:
        as_text(tree).encode()  # half a character, which JSON can write and no database can store
    except (ValueError, TypeError, RecursionError):
        raise ValidationError(_("This rule is not valid JSON.")) from None
    reader = _Reader()
    rule = reader.group(tree, depth=1)
    if rule is None or reader.faults:
        raise ValidationError(reader.faults)
    return rule


class _Reader:
    """Reads one rule, and notes what is wrong with it."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.lookups, self.kinds, self.count = Lookups(), kinds(), 0

    def group(self, tree: Any, depth: int) -> Group | None:
        if depth > DEEPEST:
            return self._refuse(_("Groups can be at most %(most)s deep.") % {"most": DEEPEST})
        if not isinstance(tree, dict) or len(tree) != 1 or not isinstance(parts := tree.get(ALL, tree.get(ANY)), list):
            return self._refuse(_("A group is either “all” or “any”, with a list of conditions."))
        if not parts:
            return self._refuse(_("A group needs at least one condition."))
        if len(parts) > MOST:
            return self._refuse(_too_many())
        read = [self._part(part, depth) for part in parts]
        return Group(next(iter(tree)), tuple(part for part in read if part is not None))

    def _part(self, part: Any, depth: int) -> Group | Condition | None:
        return self._condition(part) if isinstance(part, dict) and "kind" in part else self.group(part, depth + 1)

    def _condition(self, leaf: dict[str, Any]) -> Condition | None:
        self.count += 1
        if self.count > MOST:
            return self._refuse(_too_many()) if self.count == MOST + 1 else None
        kind = self.kinds.get(leaf["kind"]) if isinstance(leaf["kind"], str) else None
        if kind is None:
            return self._refuse(_("There is no condition “%(name)s”.") % {"name": str(leaf["kind"])[:50]})
        given = leaf.get("parameters", {})
        if leaf.keys() - {"kind", "parameters"} or not _are_plain(given):
            return self._refuse(_("A condition is a kind and its parameters: texts or numbers by name."))
        condition = kind(given, lookups=self.lookups)
        for name in given.keys() - condition.fields.keys():
            self._refuse(
                _("%(kind)s: there is no parameter “%(name)s”.") % {"kind": kind.label, "name": str(name)[:50]}
            )
        for name, problems in condition.errors.items():
            field = condition.fields[name].label if name in condition.fields else ""
            self.faults += [f"{kind.label}{f', {field}' if field else ''}: {problem}" for problem in problems]
        return condition

    def _refuse(self, fault: str) -> Any:
        """Note a fault; what has one reads as None."""
        self.faults.append(fault)


def _are_plain(given: Any) -> bool:
    return isinstance(given, dict) and all(
        isinstance(value, str | int | float) and not isinstance(value, bool) for value in given.values()
    )


def _too_many() -> str:
    return _("A rule has at most %(most)s conditions.") % {"most": MOST}


class RuleField(forms.CharField):
    """A rule as the text of a filter's parameter; its value is the Group, or None."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> Group | None:
        text = super().clean(value)
        return parse(text) if text else None
