"""Recognises the field of a column by its header: our names in any page language, or usual ones of other tools."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from imports.kinds import KINDS
from imports.mapping.plan import ASIDE
from imports.mapping.schema import Column, ImportKind
from imports.models import Import

WHAT_IS_WRONG = _("What is wrong")  # the error file's own column: left out when it comes back


def columns(kind: ImportKind, headers: Sequence[str], before: Import | None) -> list[str]:
    """Return for each column a field's name or ""; what was chosen for the same name last time comes first."""
    names = _names(kind.name)
    chosen = dict(zip(before.headers, before.mapping, strict=False)) if before else {}
    mapping: list[str] = []
    for header in headers:
        field = chosen[header] if header in chosen else names.get(_folded(header), "")
        if not field and kind.rest and header.startswith(f"{kind.rest}."):  # as our exports name them
            field = ASIDE
        mapping.append(field if field == ASIDE or field not in mapping else "")
    return mapping


def is_ours(header: str) -> bool:
    """Tell whether the column is the one our error files add."""
    return _folded(header) in _our_names()


@cache
def _our_names() -> frozenset[str]:
    names = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            names.add(_folded(str(WHAT_IS_WRONG)))
    return frozenset(names)


def last_of(kind: str, *, but: int = 0) -> Import | None:
    """Return the last import of the kind whose columns somebody chose."""
    return Import.objects.filter(kind=kind).exclude(pk=but).exclude(mapping=[]).order_by("-pk").first()


@cache
def _names(kind: str) -> dict[str, str]:
    names: dict[str, str] = {}
    for column in KINDS[kind].columns:
        for name in _own_names(column):
            names.setdefault(_folded(name), column.name)
    for column in KINDS[kind].columns:
        for name in column.also:
            names.setdefault(_folded(name), column.name)
    return names


def _own_names(column: Column) -> Iterator[str]:
    yield column.name
    yield column.name.removesuffix("_id")
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            yield str(column.label)


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name.casefold()).strip()
