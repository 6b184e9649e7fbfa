"""Daily counts: added to in the transaction that stores events, and rebuilt from the log by `recount` alone."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from django.db import connection

from events.event_rows import EventRow
from events.models import SourceDay

_ADD_COUNTS = """
    INSERT INTO events_dailycount AS old (customer_id, event_type_id, day, known_on, count, value_sum)
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::date[], %s::bigint[], %s::numeric[])
    ON CONFLICT (customer_id, event_type_id, day, known_on)
    DO UPDATE SET count = old.count + EXCLUDED.count, value_sum = old.value_sum + EXCLUDED.value_sum
"""
_ADD_ACTIVE_DAYS = """
    INSERT INTO events_activeday (customer_id, contact_id, day, known_on)
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::date[])
    ON CONFLICT DO NOTHING
"""
_ADD_SOURCE_DAYS = """
    INSERT INTO events_sourceday AS old (source_id, day, known_on, stripe, events)
    SELECT * FROM unnest(%s::bigint[], %s::date[], %s::date[], %s::smallint[], %s::bigint[])
    ON CONFLICT (source_id, day, known_on, stripe) DO UPDATE SET events = old.events + EXCLUDED.events
"""


def add(rows: Sequence[EventRow]) -> None:
    """Count stored events. Three queries; keys in order, so that two batches cannot deadlock."""
    counts: dict[tuple[int, int, date, date], list[int]] = defaultdict(lambda: [0, 0])
    actives: set[tuple[int, int, date, date]] = set()
    sources: Counter[tuple[int, date, date, int]] = Counter()
    for row in rows:
        count = counts[row.customer_id, row.event_type_id, row.day, row.known_on]
        count[0] += 1
        count[1] += row.value or 0
        if row.is_activity and row.contact_id is not None:
            actives.add((row.customer_id, row.contact_id, row.day, row.known_on))
        # Even over the stripes, and the same when the batch is tried again.
        stripe = row.message_hash[0] % SourceDay.STRIPES
        sources[row.source_id, row.day, row.known_on, stripe] += 1
    _insert(_ADD_COUNTS, [(*key, *value) for key, value in sorted(counts.items())])
    _insert(_ADD_ACTIVE_DAYS, sorted(actives))
    _insert(_ADD_SOURCE_DAYS, [(*key, value) for key, value in sorted(sources.items())])


def _insert(statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])


# What the log says; `verify` compares with it, `recount` writes it.
COUNTS_OF_LOG = """
    SELECT customer_id, event_type_id, day, known_on,
           count(*) AS count, COALESCE(sum(value), 0) AS value_sum
    FROM events_event WHERE {where} GROUP BY 1, 2, 3, 4
"""
ACTIVE_DAYS_OF_LOG = """
    SELECT DISTINCT customer_id, contact_id, day, known_on
    FROM events_event WHERE is_activity AND contact_id IS NOT NULL AND {where}
"""


def recount(customers: Collection[int], first_day: date, last_day: date) -> None:
    """Rebuild the counts of these customers and days from the log.

    The caller holds all identities of the customers FOR UPDATE, so no event is being stored for them.
    """
    ids = sorted(customers)
    of_days = "customer_id = ANY(%s) AND day BETWEEN %s AND %s"
    # Partitions go by the instant: a day on either side reaches what any zone calls these days.
    of_log = (
        f"{of_days} AND occurred_at >= (%s::date - 1)::timestamp AT TIME ZONE 'UTC'"
        " AND occurred_at < (%s::date + 2)::timestamp AT TIME ZONE 'UTC'"
    )
    with connection.cursor() as cursor:
        for table, rows in (("events_dailycount", COUNTS_OF_LOG), ("events_activeday", ACTIVE_DAYS_OF_LOG)):
            columns = "customer_id, event_type_id, day, known_on, count, value_sum"
            if table == "events_activeday":
                columns = "customer_id, contact_id, day, known_on"
            # Deleted first: a count whose events have all moved away must go, not become 0.
            cursor.execute(f"DELETE FROM {table} WHERE {of_days}", [ids, first_day, last_day])  # noqa: S608
            cursor.execute(
                f"INSERT INTO {table} ({columns}) " + rows.format(where=of_log),
                [ids, first_day, last_day, first_day, last_day],
            )
