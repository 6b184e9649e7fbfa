"""Tables partitioned by month: made by a migration, extended by a daily job, never by a request."""

from collections.abc import Iterator
from datetime import date

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.operations import CreateModel


class CreatePartitionedModel(CreateModel):
    """Create a model's table partitioned by range of `partition_by`, with a default partition."""

    def __init__(self, *args, partition_by: str, **kwargs):  # type: ignore[no-untyped-def]
        super().__init__(*args, **kwargs)
        self.partition_by = partition_by

    def deconstruct(self):  # type: ignore[no-untyped-def]
        name, args, kwargs = super().deconstruct()
        return name, args, {**kwargs, "partition_by": self.partition_by}

    def database_forwards(self, app_label, schema_editor, from_state, to_state):  # type: ignore[no-untyped-def]
        plain = schema_editor.sql_create_table
        schema_editor.sql_create_table = f"{plain} PARTITION BY RANGE ({self.partition_by})"
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            schema_editor.sql_create_table = plain
        table = to_state.apps.get_model(app_label, self.name)._meta.db_table
        schema_editor.execute(f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT")


def months(first: date, last: date) -> Iterator[date]:
    """Yield the first day of each month from the month of `first` to the month of `last`."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = next_month(month)


def next_month(month: date) -> date:
    return shifted(month, 1)


def shifted(month: date, by: int) -> date:
    """Return the first day of the month `by` months away."""
    number = month.year * 12 + month.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)


def ensure(today: date) -> int:
    """Make the missing months around today of every model that is `partitioned_by` a column; return how many."""
    partitions = missing(today)
    for table, column, month in partitions:
        _make(table, column, month)
    return len(partitions)


def missing(today: date) -> list[tuple[str, str, date]]:
    """Return (table, column, month) of each partition that should stand around today and does not. One query."""
    tables = {
        model._meta.db_table: model.partitioned_by for model in apps.get_models() if hasattr(model, "partitioned_by")
    }
    wanted_months = list(
        months(shifted(today, -settings.PARTITION_MONTHS_BACK), shifted(today, settings.PARTITION_MONTHS_AHEAD))
    )
    existing = _existing()
    return [
        (table, column, month)
        for table, column in tables.items()
        for month in wanted_months
        if _name(table, month) not in existing
    ]


def default_sizes() -> dict[str, int]:
    """Return the bytes of each default partition by its table: what is older or later than all months. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_DEFAULT_SIZES)
        return dict(cursor.fetchall())


_DEFAULT_SIZES = """
    SELECT inhparent::regclass::text, pg_total_relation_size(inhrelid)
    FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE pg_get_expr(relpartbound, inhrelid) = 'DEFAULT' AND relkind = 'r' ORDER BY 1
"""


def _existing() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits")
        return {name for (name,) in cursor.fetchall()}


def _name(table: str, month: date) -> str:
    return f"{table}_{month:%Y_%m}"


@transaction.atomic
def _make(table: str, column: str, month: date) -> None:
    """Make one month; rows that fell into the default partition meanwhile move into it."""
    name, first, last = _name(table, month), month.isoformat(), next_month(month).isoformat()
    within = f"{column} >= '{first}' AND {column} < '{last}'"
    with connection.cursor() as cursor:
        # A waiting lock holds up all writers behind it: rather fail, and leave the month to the next task.
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        # The bounds are days without a zone; months are of UTC.
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        cursor.execute(f"CREATE TABLE {name} (LIKE {table} INCLUDING ALL)")
        # Against writers: a row stored between the move and the attaching would make the attaching fail.
        cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(
            f"WITH moved AS (DELETE FROM {table}_default WHERE {within} RETURNING *) "  # noqa: S608
            f"INSERT INTO {name} SELECT * FROM moved"
        )
        cursor.execute(f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ('{first}') TO ('{last}')")
