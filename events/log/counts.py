"""Daily counts, signed: written in the transaction that stores or withdraws events, from the rows really written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.db import bulk, direct
from customers.consent.objections import Span, excludes
from events.log.event_rows import EventRow
from events.models import SourceDay

_COUNT_KEY = "customer_id, event_type_id, day, known_on"
_ACTIVE_KEY = "customer_id, contact_id, day, known_on"
_SOURCE_KEY = "source_id, day, known_on, stripe"


_ADD_COUNTS = f"""
    INSERT INTO events_dailycount AS old ({_COUNT_KEY}, count, value_sum)
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::date[], %s::bigint[], %s::numeric[])
    ON CONFLICT ({_COUNT_KEY})
    DO UPDATE SET count = old.count + EXCLUDED.count, value_sum = old.value_sum + EXCLUDED.value_sum
"""  # noqa: S608
_ADD_ACTIVE_DAYS = f"""
    INSERT INTO events_activeday AS old ({_ACTIVE_KEY}, count)
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::date[], %s::bigint[])
    ON CONFLICT ({_ACTIVE_KEY}) DO UPDATE SET count = old.count + EXCLUDED.count
"""  # noqa: S608
_ADD_SOURCE_DAYS = """
    INSERT INTO events_sourceday AS old (source_id, day, known_on, stripe, events)
    SELECT * FROM unnest(%s::bigint[], %s::date[], %s::date[], %s::smallint[], %s::bigint[])
    ON CONFLICT (source_id, day, known_on, stripe) DO UPDATE SET events = old.events + EXCLUDED.events
"""


@dataclass(frozen=True, slots=True)
class Line:
    """How many events more, or fewer, and of what value, became known; the first four as the event has them."""

    customer: int
    event_type: int
    contact: int | None
    is_activity: bool
    day: date
    known_on: date
    count: int
    value: int


_Key = tuple[int, int, date, date]  # customer; event type or contact; the day, and when it became known


def add(rows: Sequence[EventRow], exclusions: Mapping[int, Sequence[Span]]) -> None:
    """Count events that were stored, those of contacts who object only where they are known outside of that.

    `exclusions` by contact. Three statements, for a pipeline (core.db.direct).
    """
    counts: dict[_Key, list[int]] = {}
    actives: dict[_Key, int] = {}
    sources: dict[tuple[int, date, date, int], int] = {}
    # Even over the stripes, and the same when the batch is tried again.
    stripe = rows[0].message_hash[0] % SourceDay.STRIPES
    for row in rows:
        customer, contact, day, known_on = row.customer_id, row.contact_id, row.day, row.known_on
        source = row.source_id, day, known_on, stripe
        sources[source] = sources.get(source, 0) + 1
        spans = exclusions.get(contact) if contact is not None and exclusions else None
        for known, sign in _steps(known_on, spans) if spans else ((known_on, 1),):
            key = customer, row.event_type_id, day, known
            if count := counts.get(key):
                count[0] += sign
                count[1] += sign * (row.value or 0)
            else:
                counts[key] = [sign, sign * (row.value or 0)]
            if contact is not None and row.is_activity:
                active = customer, contact, day, known
                actives[active] = actives.get(active, 0) + sign
    _write(counts, actives)
    _insert(_ADD_SOURCE_DAYS, [(*key, value) for key, value in sorted(sources.items())])


def put(lines: Iterable[Line]) -> None:
    """Add lines to the counts and the active days. Two queries; keys in order, so that two writers cannot deadlock."""
    counts: dict[_Key, list[int]] = {}
    actives: dict[_Key, int] = {}
    for line in lines:
        count = counts.setdefault((line.customer, line.event_type, line.day, line.known_on), [0, 0])
        count[0] += line.count
        count[1] += line.value
        if line.is_activity and line.contact is not None:
            active = line.customer, line.contact, line.day, line.known_on
            actives[active] = actives.get(active, 0) + line.count
    _write(counts, actives)


def _write(counts: Mapping[_Key, list[int]], actives: Mapping[_Key, int]) -> None:
    _insert(_ADD_COUNTS, [(*key, *value) for key, value in sorted(counts.items()) if any(value)])
    _insert(_ADD_ACTIVE_DAYS, [(*key, value) for key, value in sorted(actives.items()) if value])


def _steps(since: date, spans: Sequence[Span]) -> Iterator[tuple[date, int]]:
    """Yield the days on which a new event begins and ceases to count, with +1 and −1."""
    days = {since, *(day for span in spans for day in span if day is not None and day > since)}
    counted = False
    for day in sorted(days):
        counts_now = not excludes(spans, day)
        if counts_now != counted:
            yield day, 1 if counts_now else -1
        counted = counts_now


def _insert(statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        direct.execute(statement, [bulk.array(column) for column in zip(*rows, strict=True)])


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
