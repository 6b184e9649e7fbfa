"""Whether anything was written, whatever the way: a row's place and transaction change with every write."""

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection


def fingerprint() -> dict[str, str]:
    """Return a digest of each table, sessions aside. A view has no rows of its own."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed} - {
        Session._meta.db_table
    }
    return {table: _digest(table) for table in sorted(tables)}


def _digest(table: str) -> str:
    place = "tableoid::text || ctid::text || xmin::text"
    places = f"string_agg({place}, ',' ORDER BY {place})"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT md5(coalesce({places}, '')) FROM {table}")
        return cursor.fetchone()[0]
