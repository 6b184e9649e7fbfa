"""Columns that follow from others of their row, made in Python, so that indexes can hold what SQL cannot make."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from django.db import models


class DerivedField(models.TextField):
    """A text that `derive` makes of its row, written whenever one of the `sources` is.

    By `save()`, `bulk_create()` and `core.db.bulk` by itself; who names fields (`update_fields`, `bulk_update()`) names
    this one with them, and `update()` is no way to change a source. Null: written by a program that did not know the
    column; `core.db.rederive` fills it.
    """

    def __init__(
        self, derive: Callable[[Any], str | None] = lambda _row: None, *, sources: Sequence[str] = (), **more: Any
    ) -> None:
        self.derive, self.sources = derive, tuple(sources)
        super().__init__(**{"null": True, "editable": False, **more})

    def pre_save(self, model_instance: Any, add: bool) -> str | None:
        value = self.derive(model_instance)
        setattr(model_instance, self.attname, value)
        return value

    def deconstruct(self) -> Any:
        # To migrations it is a column like others.
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


def fields_of(model: type[models.Model]) -> list[DerivedField]:
    return [field for field in model._meta.concrete_fields if isinstance(field, DerivedField)]


def write(rows: Iterable[models.Model], fields: Sequence[DerivedField]) -> None:
    """Set the fields on rows that are about to be written."""
    for row in rows if fields else ():
        for field in fields:
            field.pre_save(row, add=False)


def following(model: type[models.Model], columns: Collection[str]) -> list[DerivedField]:
    """Return the fields that are among the columns, or follow from one of them."""
    return [field for field in fields_of(model) if not {field.attname, *field.sources}.isdisjoint(columns)]
