"""Rows of customers that are merged: inserted at the one that stays, and given back when the merge is undone.

By what each model declares (core.spread): nothing here knows the apps above.
"""

from collections.abc import Collection, Iterator
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

from core.spread import OnMerge
from customers.models import TakenAlong
from customers.people import links

# A row whose id stands there already stays where it is: two systems may have made it from the same.
_MOVE = """
    WITH gone AS (
        DELETE FROM {table} AS row WHERE customer_id = %(at)s AND {which}
          AND NOT EXISTS (SELECT FROM {table} AS there WHERE there.customer_id = %(to)s AND there.id = row.id)
        RETURNING *
    ), moved AS (
        INSERT INTO {table} (customer_id, {columns}) SELECT %(to)s, {columns} FROM gone RETURNING id
    ) SELECT id::text FROM moved
"""
_TAKEN = """id::text IN (
    SELECT taken.row FROM customers_takenalong AS taken WHERE taken.act_id = %(act)s AND taken.model = %(model)s
)"""
_NOTE = """
    INSERT INTO customers_takenalong (act_id, model, customer, row) SELECT %s, %s, %s, unnest(%s::text[])
    ON CONFLICT DO NOTHING
"""
_RELINK = """
    WITH linked AS (
        UPDATE {table} SET {column} = %s WHERE {column} = %s RETURNING customer_id, id::text AS row
    )
    INSERT INTO customers_takenalong (act_id, model, customer, row) SELECT %s, %s, customer_id, row FROM linked
    ON CONFLICT DO NOTHING
"""
_LINK_BACK = """
    UPDATE {table} SET {column} = %s WHERE {column} = %s AND id::text IN (
        SELECT taken.row FROM customers_takenalong AS taken WHERE taken.act_id = %s AND taken.model = %s
    )
"""


def take(act: int, at: int, to: int) -> None:
    """Insert the rows of one customer at another, and remember which. Two queries for each model."""
    for model in _moved():
        take_of(model, act, at, to)


def take_of(model: type[Model], act: int, at: int, to: int) -> list[str]:
    """Do so for one model; return the ids of the rows."""
    moved = _run(model, "TRUE", {"at": at, "to": to})
    note(act, model, at, moved)
    return moved


def give_back(act: int, at: int, to: int) -> None:
    """Insert what a merge took again where it was. One query for each model."""
    for model in _moved():
        give_back_of(model, act, at, to)


def give_back_of(model: type[Model], act: int, at: int, to: int) -> list[str]:
    """Do so for one model; return the ids of the rows."""
    return _run(model, _TAKEN, {"at": at, "to": to, "act": act, "model": model._meta.label_lower})


def note(act: int, model: type[Model], customer: int, ids: Collection[str]) -> None:
    """Remember rows that a merge took along. One query, none without any."""
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, [act, model._meta.label_lower, customer, list(ids)])


def noted(act: int, model: type[Model]) -> list[str]:
    """Return the rows that a merge took along. One query."""
    rows = TakenAlong.objects.filter(act=act, model=model._meta.label_lower)
    return list(rows.values_list("row", flat=True))


def relink(act: int, contact: int, to: int) -> None:
    """Have rows that name a contact name another one, and remember which. One query for each link."""
    for model, column in links.of_contacts():
        _link(_RELINK, model, column, [to, contact, act, _name(model, column)])


def link_back(act: int, contact: int, at: int) -> None:
    """Have those rows name the contact again that they named. One query for each link."""
    for model, column in links.of_contacts():
        _link(_LINK_BACK, model, column, [contact, at, act, _name(model, column)])


def linked(act: int, model: type[Model], column: str = "contact_id") -> list[str]:
    """Return the rows that were made to name another contact. One query."""
    rows = TakenAlong.objects.filter(act=act, model=_name(model, column))
    return list(rows.values_list("row", flat=True))


def _link(statement: str, model: type[Model], column: str, params: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(table=model._meta.db_table, column=column), params)


def _name(model: type[Model], column: str) -> str:
    return f"{model._meta.label_lower}.{column}"


def _moved() -> Iterator[type[Model]]:
    return (model for model in apps.get_models() if getattr(model, "on_merge", None) is OnMerge.MOVE)


def _run(model: type[Model], which: str, params: dict[str, Any]) -> list[str]:
    names = [str(field.column) for field in model._meta.concrete_fields if field.column != "customer_id"]
    columns = ", ".join(connection.ops.quote_name(name) for name in names if name)
    statement = _MOVE.format(table=model._meta.db_table, which=which, columns=columns)
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return [row for (row,) in cursor.fetchall()]
