"""What is in the database: for each table the number of rows and a digest of all of them, in any order."""

from dataclasses import dataclass

from django.db import connection

# The same text on every server, whatever its own settings are
_AS_TEXT = (
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL IntervalStyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
)
_TABLES = """
    SELECT quote_ident(relname) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1
"""
# A sum, so that the order of rows does not matter; 60 bits of MD5 for each row, against accidents, not attackers.
_READ = """
    SELECT count(*), coalesce(sum(('x' || left(md5(whole_row::text), 15))::bit(60)::bigint), 0)::text
    FROM {table} AS whole_row
"""


@dataclass(frozen=True, slots=True)
class Table:
    rows: int
    digest: str


def read() -> dict[str, Table]:
    """Return what each table holds, partitions within their table. Call inside a transaction; reads everything."""
    with connection.cursor() as cursor:
        for statement in _AS_TEXT:
            cursor.execute(statement)
        contents = {}
        for name in tables():
            cursor.execute(_READ.format(table=name))
            contents[name] = Table(*cursor.fetchone())
    return contents


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return [name for (name,) in cursor.fetchall()]


def differences(was: dict[str, Table], now: dict[str, Table]) -> list[str]:
    """Say in a sentence each what is not as it was."""
    sentences = []
    for name in sorted({*was, *now}):
        before, after = was.get(name), now.get(name)
        if before is None or after is None:
            sentences.append(f"{name}: {'new' if before is None else 'missing'}")
        elif before.rows != after.rows:
            sentences.append(f"{name}: {after.rows} rows, not {before.rows}")
        elif before.digest != after.digest:
            sentences.append(f"{name}: {before.rows} rows, with other content")
    return sentences
