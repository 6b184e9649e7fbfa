"""The facts and the counted requests in Prometheus' text format."""

import os
from collections.abc import Iterator, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from core import days
from customers import change_feed
from engagement_site.health import counting, judgement, processes
from engagement_site.health.facts import Facts
from engagement_site.health.machine import Machine
from engagement_site.health.progress import Progress
from engagement_site.health.server import Server

CONTENT_TYPE = CONTENT_TYPE_LATEST


class FactsCollector(Collector):
    """Shows facts that were read for this answer; a figure that is unknown is left out, not shown as 0."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def collect(self) -> Iterator[Metric]:
        yield from _of_machine(self.facts.machine)
        if self.facts.server:
            yield from _of_server(self.facts.server)
        if self.facts.progress:
            yield from _of_progress(self.facts.progress)
        wrong = judgement.problems(self.facts)
        yield from _by(
            "problem", "1 while it lasts.", "name", {name: int(name in wrong) for name in judgement.PROBLEMS}
        )


def _of_machine(facts: Machine) -> Iterator[Metric]:
    yield from _figures("redis_up", "Whether Redis answers.", int(facts.redis_answers))
    yield from _figures("queue_length", "Messages waiting in Redis.", facts.queue_length)
    yield from _by("disk_free_bytes", "Room on a disk.", "folder", facts.disk_free_bytes)


def _of_server(facts: Server) -> Iterator[Metric]:
    yield from _figures("writes_refused", "1 while PostgreSQL writes nothing.", int(facts.writes_refused is not None))
    opened = facts.old_transaction.open_seconds if facts.old_transaction else 0
    yield from _figures("old_transaction_seconds", "Age of a transaction open for too long.", opened)
    yield from _figures("lock_waiting", "Sessions that wait for a lock.", facts.lock_waiting)
    yield from _figures("lock_wait_seconds", "Since the first of them waits.", facts.lock_wait_seconds)


def _of_progress(facts: Progress) -> Iterator[Metric]:
    oldest = {change_feed.SCORE: 0.0, change_feed.RESETTLE: 0.0} | facts.oldest_change_seconds
    yield from _by("oldest_change_seconds", "Age of the oldest change a stage has not looked at.", "stage", oldest)
    if facts.last_closed_day:
        closed = days.start(facts.last_closed_day).timestamp()
        yield from _figures("last_closed_day_timestamp_seconds", "Begin of the last closed day.", closed)
    yield from _figures("days_to_close", "Days that are over and not closed.", facts.days_to_close)
    yield from _figures("close_overdue_seconds", "Since a day should be closed.", facts.close_overdue_seconds)
    yield from _figures("beat_age_seconds", "Since a worker last ran a task of beat.", facts.beat_age_seconds)
    yield from _figures("backup_age_seconds", "Since the last backup was taken.", facts.backup_age_seconds)
    yield from _by("runs_waiting", "Periodic work to do.", "job", facts.runs_waiting)
    yield from _by("runs_failing", "Periodic work tried often.", "job", facts.runs_failing)
    yield from _figures("partitions_missing", "Months without their partition.", facts.partitions_missing)
    yield from _by("default_partition_bytes", "Outside all months.", "table", facts.default_partition_bytes)
    yield from _figures("rejected_last_day", "Events rejected in the last 24 hours.", facts.rejected_last_day)
    yield from _figures("stored_last_day", "Events stored since the begin of yesterday.", facts.stored_last_day)
    yield from _figures("sources_silent", "Sources silent for longer than usual.", len(facts.sources_silent))
    yield from _figures("mail_overdue_seconds", "Since the oldest mail was due.", facts.mail_overdue_seconds or 0)
    yield from _figures("mail_given_up", "Messages given up and not sent again.", facts.mail_given_up)
    yield from _figures("database_bytes", "Size of the database.", facts.database_bytes)


def text(facts: Facts) -> bytes:
    shown = CollectorRegistry()
    shown.register(FactsCollector(facts))
    return generate_latest(shown) + generate_latest(_requests())


def _requests() -> CollectorRegistry:
    """Return what all web processes counted, or this one alone when it counts for itself."""
    if processes.VARIABLE not in os.environ:
        return counting.REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)
    return together


def _figures(name: str, says: str, value: float | None) -> Iterator[Metric]:
    if value is not None:
        yield GaugeMetricFamily(f"rapport_{name}", says, value=value)


def _by(name: str, says: str, label: str, values: Mapping[str, float]) -> Iterator[Metric]:
    family = GaugeMetricFamily(f"rapport_{name}", says, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    yield family
