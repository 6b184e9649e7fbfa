"""Message ids of files: free once their events are withdrawn, so that the right file can be imported."""

from collections.abc import Iterable, Sequence

from django.db import connection

from events.corrections.taking import Row
from events.models import Source

_FREE = """
    DELETE FROM events_seen WHERE (source_id, message_hash) IN (SELECT * FROM unnest(%s::bigint[], %s::bytea[]))
"""
_CLAIM = """
    INSERT INTO events_seen (source_id, message_hash, day) SELECT * FROM unnest(%s::bigint[], %s::bytea[], %s::date[])
    ON CONFLICT DO NOTHING RETURNING source_id, message_hash
"""


def free(rows: Iterable[Row]) -> None:
    """Forget that these events were seen, as far as files brought them. Two queries at most."""
    if of_files := _of_files(rows):
        with connection.cursor() as cursor:
            cursor.execute(_FREE, [[row.source for row in of_files], [row.message_hash for row in of_files]])


def claim(rows: Sequence[Row]) -> list[Row]:
    """Return those that may stand again: not what a file has brought anew meanwhile. Two queries at most."""
    of_files = _of_files(rows)
    if not of_files:
        return list(rows)
    columns = zip(*((row.source, row.message_hash, row.day) for row in of_files), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [list(column) for column in columns])
        claimed = {(source, bytes(value)) for source, value in cursor.fetchall()}
    refused = {(row.source, row.message_hash) for row in of_files} - claimed
    return [row for row in rows if (row.source, row.message_hash) not in refused]


def _of_files(rows: Iterable[Row]) -> list[Row]:
    """Return, in the order in which ingestion takes message ids, the events that came by file. One query."""
    sources = set(Source.objects.filter(kind=Source.Kind.IMPORT).values_list("pk", flat=True))
    return sorted((row for row in rows if row.source in sources), key=lambda row: (row.source, row.message_hash))
