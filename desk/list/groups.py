"""The customers of the list in groups: the same sums for each, and the query of the list that shows its customers.

A group is what the list's own filter selects, so texts are alike however they are spelt, and an owner is the first one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from core.filters import UNASSIGNED
from core.names.folding import fold
from customers.models import AttributeDefinition, Stage
from customers.segments.attributes import OWN, of_definition
from customers.segments.rule import ALL, DEEPEST, MOST, PARAMETER, as_text
from desk.list.filters import UNKNOWN
from desk.list.list_filter import ListFilter
from desk.list.sums import EXPRESSIONS, Sums, add
from scoring.models import HealthBand

MOST_SHOWN = 100  # on the page; the file has all
TEXTS = {"plan": lambda: _("No plan"), "industry": lambda: _("No industry"), "country": lambda: _("No country")}
_FIELDS = {"owner": "owner_id", "team": "team_id", "stage": "stage", "health": "score__health_band"}


@dataclass(frozen=True, slots=True)
class Group:
    """`query` is of the customer list; "" where no address can ask for these alone."""

    label: str
    sums: Sums
    query: str


@dataclass(frozen=True, slots=True)
class _Found:
    key: Any
    label: str
    sums: Sums


def load(filterset: ListFilter) -> list[Group]:
    """Return the groups, the most revenue first. One query. The filter is valid, and has groups."""
    by = filterset.group_by
    rows = filterset.qs.order_by().values(group=_expression(filterset)).annotate(**EXPRESSIONS)
    found = [_Found(row["group"], str(row["group"] or ""), Sums.from_row(row)) for row in rows]
    if by.startswith(OWN):
        groups = list(_by_option(filterset, found))
    elif by in TEXTS:
        groups = list(_by_text(filterset, found))
    else:
        groups = [_of_field(filterset, row) for row in found]
    return sorted(groups, key=lambda group: (-group.sums.revenue, -group.sums.customers, group.label))


def _expression(filterset: ListFilter) -> Combinable:
    by = filterset.group_by
    if by.startswith(OWN):
        return Lower(of_definition(_definition(filterset)).value)
    return F(_FIELDS.get(by, by))


def _definition(filterset: ListFilter) -> AttributeDefinition:
    return next(row for row in filterset.definitions if f"{OWN}{row.key}" == filterset.group_by)


def _of_field(filterset: ListFilter, row: _Found) -> Group:
    by = filterset.group_by
    if by == "stage":
        return Group(str(Stage(row.key).label), row.sums, _query(filterset, stage=row.key))
    if by == "health":
        label = _("Unknown") if row.key is None else str(HealthBand(row.key).label)
        return Group(label, row.sums, _query(filterset, health=row.key or UNKNOWN))
    value = UNASSIGNED if row.key is None else str(row.key)
    names: dict[str, Any] = dict(filterset.filters[by].extra["choices"])
    asked = {"primary_owner" if by == "owner" else by: value}
    return Group(str(names.get(value, value)), row.sums, _query(filterset, **asked))


def _by_text(filterset: ListFilter, found: list[_Found]) -> Iterator[Group]:
    by = filterset.group_by
    alike: dict[str, list[_Found]] = {}
    for row in found:
        alike.setdefault(fold(row.label), []).append(row)
    for rows in alike.values():
        label = min((row.label for row in rows if row.label), default="")
        asked = {by: label} if label else {"without": by}
        yield Group(label or TEXTS[by](), add(row.sums for row in rows), _query(filterset, **asked))


def _by_option(filterset: ListFilter, found: list[_Found]) -> Iterator[Group]:
    """Yield the options that customers have, what is none of them, and those of whom it is unknown."""
    by = filterset.group_by
    definition = _definition(filterset)
    options = {option.lower(): option for option in definition.options}
    others = [row.sums for row in found if row.key is not None and row.label not in options]
    for row in found:
        if row.label in options:
            leaf = {"attribute": by, "operator": "is", "value": options[row.label]}
            yield Group(options[row.label], row.sums, _with_conditions(filterset, [leaf]))
        elif row.key is None:
            leaf = {"attribute": by, "operator": "unknown"}
            yield Group(_("Unknown"), row.sums, _with_conditions(filterset, [leaf]))
    if others:
        yield Group(_("Other values"), add(others), _with_conditions(filterset, _no_option(by, definition)))


def _no_option(by: str, definition: AttributeDefinition) -> list[dict[str, str]]:
    return [{"attribute": by, "operator": "is_not", "value": option} for option in definition.options]


def _with_conditions(filterset: ListFilter, leaves: list[dict[str, str]]) -> str:
    """Return the list's query with conditions on an attribute besides its own; "" where a rule cannot hold them."""
    rule, parts = filterset.conditions, [{"kind": "attribute", "parameters": leaf} for leaf in leaves]
    if rule is None:
        tree = {ALL: parts}
    elif rule.join == ALL:
        tree = {ALL: [*rule.tree()[ALL], *parts]}
    else:
        tree = {ALL: [rule.tree(), *parts]}
    count = len(parts) + (sum(1 for _leaf in rule.conditions()) if rule else 0)
    if count > MOST or len(tree[ALL]) > MOST or _depth(tree) > DEEPEST:
        return ""
    return _query(filterset, **{PARAMETER: as_text(tree)})


def _depth(tree: dict[str, Any]) -> int:
    if "kind" in tree:
        return 0
    return 1 + max(_depth(part) for parts in tree.values() for part in parts)


def _query(filterset: ListFilter, **more: str) -> str:
    """Return the query of the same list without groups, narrowed."""
    kept = {name: value for name, value in filterset.query.items() if name != "group"}
    return urlencode({**kept, **more}, doseq=True)
