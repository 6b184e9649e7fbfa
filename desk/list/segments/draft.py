"""A rule while it is being built: what the form's rows say, valid or not yet, and what its buttons do to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from customers.segments.conditions import Condition, Lookups, kinds
from customers.segments.rule import ALL, ANY, DEEPEST, MOST, Group

ROOT = "r"  # path of the outermost group; those within it are r_0, r_1, r_1_0 …
_MOST_ROWS = MOST * DEEPEST + DEEPEST


@dataclass(slots=True)
class Row:
    """A condition or a group, as the page shows it."""

    path: str
    form: Condition | None = None
    join: str = ALL
    parts: "tuple[Row, ...]" = ()

    @property
    def may_nest(self) -> bool:
        return self.path.count("_") + 1 < DEEPEST

    @property
    def is_root(self) -> bool:
        return self.path == ROOT


class Draft:
    """A tree as rules are kept, whose parameters may be missing or wrong."""

    def __init__(self, tree: dict[str, Any] | None = None) -> None:
        self.tree: dict[str, Any] = tree or {ALL: []}

    @classmethod
    def of_rule(cls, rule: Group | None) -> "Draft":
        return cls(rule.tree() if rule else None)

    @classmethod
    def posted(cls, data: QueryDict) -> "Draft":
        """Read the rows; what names no kind of condition, or hangs nowhere, is left out."""
        offered, groups = kinds(), {ROOT: _group(data, ROOT)}
        for path in data.getlist("node")[:_MOST_ROWS]:
            parent = groups.get(path.rpartition("_")[0])
            if parent is None:
                continue
            if kind := offered.get(data.get(f"{path}-kind", "")):
                _parts(parent).append({"kind": kind.kind, "parameters": _parameters(kind, path, data)})
            elif f"{path}-join" in data:
                groups[path] = _group(data, path)
                _parts(parent).append(groups[path])
        return cls(groups[ROOT])

    @property
    def is_empty(self) -> bool:
        return not _parts(self.tree)

    def act(self, act: str, data: Mapping[str, Any]) -> None:
        """Do what a row's button says: add:PATH, group:PATH, remove:PATH. What does not fit is left alone."""
        name, _, path = act.partition(":")
        places = [int(place) for place in path.split("_")[1:] if place.isdecimal() and len(place) < 4]
        if name == "remove" and places:
            parts = self._parts_at(places[:-1])
            if parts is not None and places[-1] < len(parts):
                del parts[places[-1]]
        elif (parts := self._parts_at(places)) is not None:
            kind = str(data.get(f"{path}-new", ""))
            if name == "add" and kind in kinds():
                parts.append({"kind": kind, "parameters": {}})
            elif name == "group" and len(places) + 1 < DEEPEST:
                parts.append({ANY if ALL in self.tree else ALL: []})

    def _parts_at(self, places: list[int]) -> list[Any] | None:
        node = self.tree
        for place in places:
            parts = _parts(node)
            if place >= len(parts) or "kind" in parts[place]:
                return None
            node = parts[place]
        return _parts(node)

    def rows(self) -> Row:
        """Return the outermost group with forms for its conditions. A query for each kind of look-up."""
        return _row(self.tree, ROOT, kinds(), Lookups())


def _group(data: QueryDict, path: str) -> dict[str, Any]:
    return {ANY if data.get(f"{path}-join") == ANY else ALL: []}


def _parts(group: Mapping[str, Any]) -> list[Any]:
    parts: list[Any] = next(iter(group.values()))
    return parts


def _parameters(kind: type[Condition], path: str, data: QueryDict) -> dict[str, str]:
    texts = {name: data.get(f"{path}-{name}", "").strip() for name in kind.base_fields}
    return {name: text for name, text in texts.items() if text}


def _row(node: dict[str, Any], path: str, offered: Mapping[str, type[Condition]], lookups: Lookups) -> Row:
    if "kind" in node:
        given = {f"{path}-{name}": value for name, value in node["parameters"].items()}
        return Row(path, offered[node["kind"]](given or None, prefix=path, lookups=lookups))
    parts = enumerate(_parts(node))
    return Row(
        path,
        join=next(iter(node)),
        parts=tuple(_row(part, f"{path}_{place}", offered, lookups) for place, part in parts),
    )
