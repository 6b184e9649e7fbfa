"""Counts, active days and source days against the log."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from events.log.counts import ACTIVE_DAYS_OF_LOG, COUNTS_OF_LOG
from scoring.verify.report import Difference, Report

_WHO = "customer_id BETWEEN %s AND %s"
_COUNTS = f"""
    SELECT customer_id, event_type_id, day, known_on, stored.count, stored.value_sum, log.count, log.value_sum
    FROM (SELECT * FROM events_dailycount WHERE {_WHO} AND (count, value_sum) <> (0, 0)) AS stored
    FULL JOIN ({COUNTS_OF_LOG.format(where=_WHO)}) AS log USING (customer_id, event_type_id, day, known_on)
"""  # noqa: S608
_ACTIVES = f"""
    SELECT customer_id, contact_id, day, known_on, stored.count, log.count
    FROM (SELECT * FROM events_activeday WHERE {_WHO} AND count <> 0) AS stored
    FULL JOIN ({ACTIVE_DAYS_OF_LOG.format(where=_WHO)}) AS log
    USING (customer_id, contact_id, day, known_on)
"""  # noqa: S608
_SOURCES = """
    SELECT source_id, day, stored.events, log.events
    FROM (SELECT source_id, day, sum(events) AS events FROM events_sourceday GROUP BY 1, 2) AS stored
    FULL JOIN (
        -- As they were sent: what is told again was not sent again.
        SELECT source_id, day, count(*) AS events FROM events_event WHERE told_act_id IS NULL GROUP BY 1, 2
    ) AS log USING (source_id, day)
"""
# Of each day on which events came to be known, the first day that they were of.
_TYPES = """
    SELECT event_type_id, day, known_on
    FROM (SELECT event_type_id, known_on, min(day) AS day FROM events_event GROUP BY 1, 2) AS log
    WHERE NOT EXISTS (
        SELECT FROM events_typeday AS stored
        WHERE stored.event_type_id = log.event_type_id AND stored.day <= log.day AND stored.known_on <= log.known_on
    )
"""
# No foreign keys hold the log together (decision 1), so this looks for what they would refuse.
_ORPHANS = """
    SELECT 'event without a customer', event.id FROM events_event AS event
    WHERE NOT EXISTS (SELECT 1 FROM customers_customer AS customer WHERE customer.id = event.customer_id)
    UNION ALL
    SELECT 'event whose message id is not among those seen', event.id FROM events_event AS event
    WHERE event.void_on IS NULL AND NOT EXISTS (
        SELECT 1 FROM events_seen AS seen
        WHERE seen.source_id = event.source_id AND seen.message_hash = event.message_hash
    )
"""


def of_customers(first: int, last: int, report: Report) -> None:
    """Compare daily counts and active days of customers first..last. Two queries."""
    for *key, count, value, log_count, log_value in _rows(_COUNTS, [first, last] * 2):
        report.compared["daily counts"] += 1
        if (count, value) != (log_count, log_value):
            customer, event_type, day, known_on = key
            where = f"of customer {customer}, event type {event_type}, {day}, known on {known_on}"
            report.add(Difference("Daily count", where, _in_words(count, value), _in_words(log_count, log_value)))
    for customer, contact, day, known_on, stored, derived in _rows(_ACTIVES, [first, last] * 2):
        report.compared["active days"] += 1
        if stored != derived:
            where = f"of customer {customer}, contact {contact}, {day}, known on {known_on}"
            report.add(Difference("Active day", where, stored or 0, derived or 0))


def of_sources(report: Report) -> None:
    """Compare the days of sources and types, and look for events without a customer or a seen message.

    Three queries.
    """
    for source, day, stored, derived in _rows(_SOURCES, []):
        report.compared["source days"] += 1
        if stored != derived:
            report.add(Difference("Source day", f"of source {source}, {day}", stored, derived))
    for event_type, day, known_on in _rows(_TYPES, []):
        report.add(Difference("Event type", f"{event_type}, {day}, known on {known_on}", "never sent", "sent"))
    for what, event in _rows(_ORPHANS, []):
        report.add(Difference("Event", str(event), what, "none"))


def _in_words(count: int | None, value: object) -> str:
    return "nothing" if count is None else f"{count} with value {value}"


def _rows(query: str, params: Sequence[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()
