"""Daily counts, signed: written in the transaction that stores or withdraws events, from the rows really written."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.db import connection

from customers.objections import Span
from events.event_rows import EventRow
from events.models import SourceDay

_COUNT_KEY = "customer_id, event_type_id, day, known_on"
_ACTIVE_KEY = "customer_id, contact_id, day, known_on"
_SOURCE_KEY = "source_id, day, known_on, stripe"


def put_counts(rows: str) -> str:
    """Return the statement that adds rows of _COUNT_KEY, count and value_sum to the daily counts."""
    return f"""
        INSERT INTO events_dailycount AS old ({_COUNT_KEY}, count, value_sum) {rows}
        ON CONFLICT ({_COUNT_KEY})
        DO UPDATE SET count = old.count + EXCLUDED.count, value_sum = old.value_sum + EXCLUDED.value_sum
    """


def put_active_days(rows: str) -> str:
    """Return the statement that adds rows of _ACTIVE_KEY and count to the active days."""
    return f"""
        INSERT INTO events_activeday AS old ({_ACTIVE_KEY}, count) {rows}
        ON CONFLICT ({_ACTIVE_KEY}) DO UPDATE SET count = old.count + EXCLUDED.count
    """


def put_source_days(rows: str) -> str:
    """Return the statement that adds rows of _SOURCE_KEY and events to the sources' days."""
    return f"""
        INSERT INTO events_sourceday AS old ({_SOURCE_KEY}, events) {rows}
        ON CONFLICT ({_SOURCE_KEY}) DO UPDATE SET events = old.events + EXCLUDED.events
    """


_ADD_COUNTS = put_counts(
    "SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::date[], %s::bigint[], %s::numeric[])"
)
_ADD_ACTIVE_DAYS = put_active_days(
    "SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::date[], %s::bigint[])"
)
_ADD_SOURCE_DAYS = put_source_days(
    "SELECT * FROM unnest(%s::bigint[], %s::date[], %s::date[], %s::smallint[], %s::bigint[])"
)


def add(rows: Sequence[EventRow], exclusions: Mapping[int, Sequence[Span]]) -> None:
    """Count events that were stored, those of contacts who object only where they are known outside of that.

    `exclusions` by contact. Three queries; keys in order, so that two batches cannot deadlock.
    """
    counts: dict[tuple[int, int, date, date], list[int]] = defaultdict(lambda: [0, 0])
    actives: Counter[tuple[int, int, date, date]] = Counter()
    sources: Counter[tuple[int, date, date, int]] = Counter()
    for row in rows:
        # Even over the stripes, and the same when the batch is tried again.
        stripe = row.message_hash[0] % SourceDay.STRIPES
        sources[row.source_id, row.day, row.known_on, stripe] += 1
        for known_on, sign in _steps(row, exclusions):
            count = counts[row.customer_id, row.event_type_id, row.day, known_on]
            count[0] += sign
            count[1] += sign * (row.value or 0)
            if row.is_activity and row.contact_id is not None:
                actives[row.customer_id, row.contact_id, row.day, known_on] += sign
    _insert(_ADD_COUNTS, [(*key, *value) for key, value in sorted(counts.items())])
    _insert(_ADD_ACTIVE_DAYS, [(*key, value) for key, value in sorted(actives.items())])
    _insert(_ADD_SOURCE_DAYS, [(*key, value) for key, value in sorted(sources.items())])


def _steps(row: EventRow, exclusions: Mapping[int, Sequence[Span]]) -> Iterator[tuple[date, int]]:
    """Yield the days on which a new event begins and ceases to count, with +1 and −1."""
    spans = exclusions.get(row.contact_id, ()) if row.contact_id is not None else ()
    if not spans:
        yield row.known_on, 1
        return
    days = {row.known_on, *(day for span in spans for day in span if day is not None and day > row.known_on)}
    counted = False
    for day in sorted(days):
        counts_now = not any(since <= day and (until is None or day < until) for since, until in spans)
        if counts_now != counted:
            yield day, 1 if counts_now else -1
        counted = counts_now


def _insert(statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])


# What the log says; `verify` compares with it.
_OBJECTED = "SELECT FROM customers_exclusion AS objection WHERE objection.contact_id = event.contact_id"
_HOLDS = f"""
    (event.known_on <= {{day}} AND (event.void_on IS NULL OR event.void_on > {{day}}) AND NOT EXISTS (
        {_OBJECTED} AND objection.from_on <= {{day}} AND (objection.to_on IS NULL OR objection.to_on > {{day}})
    ))::int
"""
_COLUMNS = "event.customer_id, event.event_type_id, event.contact_id, event.is_activity, event.day, event.value"
# Each day on which an event began or ceased to count. Of contacts who never objected: known, and withdrawn.
_STEPS = f"""
    SELECT {_COLUMNS}, step.known_on, step.sign
    FROM events_event AS event
    CROSS JOIN LATERAL (VALUES (event.known_on, 1), (event.void_on, -1)) AS step (known_on, sign)
    WHERE step.known_on IS NOT NULL AND NOT EXISTS ({_OBJECTED})
    UNION ALL
    SELECT {_COLUMNS}, step.known_on, {_HOLDS.format(day="step.known_on")} - {_HOLDS.format(day="(step.known_on - 1)")}
    FROM events_event AS event
    CROSS JOIN LATERAL (
        SELECT event.known_on UNION SELECT event.void_on
        UNION SELECT from_on FROM customers_exclusion AS began WHERE began.contact_id = event.contact_id
        UNION SELECT to_on FROM customers_exclusion AS ended WHERE ended.contact_id = event.contact_id
    ) AS step (known_on)
    WHERE step.known_on IS NOT NULL AND EXISTS ({_OBJECTED})
"""  # noqa: S608
COUNTS_OF_LOG = f"""
    SELECT {_COUNT_KEY}, sum(sign)::bigint AS count, COALESCE(sum(sign * value), 0) AS value_sum
    FROM ({_STEPS}) AS steps WHERE {{where}} GROUP BY 1, 2, 3, 4
    HAVING sum(sign) <> 0 OR COALESCE(sum(sign * value), 0) <> 0
"""  # noqa: S608
ACTIVE_DAYS_OF_LOG = f"""
    SELECT {_ACTIVE_KEY}, sum(sign)::bigint AS count
    FROM ({_STEPS}) AS steps WHERE is_activity AND contact_id IS NOT NULL AND {{where}} GROUP BY 1, 2, 3, 4
    HAVING sum(sign) <> 0
"""  # noqa: S608
