"""Whether the database knows every migration this code brings."""

from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def is_migrated() -> bool:
    """A database that is ahead, as in the middle of an upgrade, is fine. Two queries."""
    return _brought() <= set(MigrationRecorder(connection).applied_migrations())


@cache
def _brought() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None)
    return frozenset(loader.graph.leaf_nodes())
