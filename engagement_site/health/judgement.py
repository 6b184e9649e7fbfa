"""Which facts are bad, by name (docs/operate/monitor.md says what each means and what to do). Pure."""

from engagement_site.health.facts import Facts
from engagement_site.health.machine import ANSWERS, Machine
from engagement_site.health.progress import Progress
from engagement_site.health.server import WAIT_SECONDS, Server

CHANGE_SECONDS = 120
BEAT_SECONDS = 60
CLOSE_SECONDS = 15 * 60
BACKUP_SECONDS = 36 * 3600
MAIL_SECONDS = 30 * 60
REJECTED_SHARE = 0.05
REJECTED_LEAST = 100  # fewer are somebody trying something out

PROBLEMS = (
    "database_down",
    "disk_full",
    "writes_refused",
    "locks_waited_for",
    "transaction_old",
    "not_prepared",
    "database_slow",
    "other_time_zone",
    "front_silent",
    "redis_down",
    "beat_silent",
    "scores_late",
    "events_unsettled",
    "day_not_closed",
    "runs_failing",
    "partitions_missing",
    "backup_old",
    "mail_late",
    "sources_silent",
    "rejected_many",
)


def problems(facts: Facts) -> list[str]:
    """Return the names of what is wrong, in the order of PROBLEMS: an earlier one often explains the later ones."""
    wrong = {
        "database_down": bool(facts.database_trouble),
        "not_prepared": not facts.is_prepared,
        "database_slow": _is_slow(facts),
        **_of_machine(facts.machine),
    }
    if facts.server:
        wrong |= _of_server(facts.server)
    if facts.progress:
        wrong |= _of_progress(facts.progress)
    return [name for name in PROBLEMS if wrong.get(name)]


def _is_slow(facts: Facts) -> bool:
    return facts.is_prepared and not facts.database_trouble and None in (facts.server, facts.progress)


def known(facts: Facts) -> set[str]:
    """Return the names of what could be judged."""
    names = {"database_down", "not_prepared", "database_slow", "disk_full", "redis_down"}
    names |= {"front_silent"} if facts.machine.front else set()
    names |= {"writes_refused", "locks_waited_for", "transaction_old"} if facts.server else set()
    return names | (set(_of_progress(facts.progress)) if facts.progress else set())


def _of_machine(machine: Machine) -> dict[str, bool]:
    return {
        "disk_full": bool(machine.disks_full),
        "front_silent": machine.front not in (None, ANSWERS),
        "redis_down": not machine.redis_answers,
    }


def _of_server(server: Server) -> dict[str, bool]:
    return {
        "writes_refused": server.writes_refused is not None,
        "locks_waited_for": server.lock_wait_seconds > WAIT_SECONDS,
        "transaction_old": server.old_transaction is not None,
    }


def _of_progress(progress: Progress) -> dict[str, bool]:
    return {
        "other_time_zone": progress.other_time_zone is not None,
        "beat_silent": progress.beat_age_seconds is None or progress.beat_age_seconds > BEAT_SECONDS,
        "scores_late": progress.oldest_change_seconds.get("score", 0) > CHANGE_SECONDS,
        "events_unsettled": progress.oldest_change_seconds.get("resettle", 0) > CHANGE_SECONDS,
        "day_not_closed": progress.close_overdue_seconds > CLOSE_SECONDS,
        "runs_failing": bool(progress.runs_failing),
        "partitions_missing": progress.partitions_missing > 0,
        # Never taken is no problem: the company may back its PostgreSQL up by other means.
        "backup_old": progress.backup_age_seconds is not None and progress.backup_age_seconds > BACKUP_SECONDS,
        "mail_late": progress.mail_overdue_seconds is not None and progress.mail_overdue_seconds > MAIL_SECONDS,
        "sources_silent": bool(progress.sources_silent),
        "rejected_many": _are_many(progress.rejected_last_day, progress.stored_last_day),
    }


def _are_many(rejected: int, stored: int) -> bool:
    return rejected >= REJECTED_LEAST and rejected > REJECTED_SHARE * (rejected + stored)
