"""Each problem for a person: its title, what to do, and what the facts say of it (docs/operate/night.md says more)."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement_site.health.facts import Facts
from engagement_site.health.server import Session

TITLES = {
    "database_down": gettext_lazy("The database does not answer"),
    "disk_full": gettext_lazy("A disk is nearly full"),
    "writes_refused": gettext_lazy("The database refuses to write"),
    "locks_waited_for": gettext_lazy("Others wait for a lock"),
    "transaction_old": gettext_lazy("A transaction has been open for too long"),
    "not_prepared": gettext_lazy("The database is not prepared"),
    "database_slow": gettext_lazy("The database does not answer everything in time"),
    "other_time_zone": gettext_lazy("The days are of another time zone"),
    "front_silent": gettext_lazy("The web server does not answer"),
    "redis_down": gettext_lazy("Redis does not answer"),
    "beat_silent": gettext_lazy("No background work is done"),
    "scores_late": gettext_lazy("Scores are late"),
    "events_unsettled": gettext_lazy("Events of moved people are not settled"),
    "day_not_closed": gettext_lazy("A day is not closed"),
    "runs_failing": gettext_lazy("Periodic work fails"),
    "partitions_missing": gettext_lazy("Months have no partition"),
    "backup_old": gettext_lazy("The last backup is old"),
    "mail_late": gettext_lazy("Mail does not leave"),
    "sources_silent": gettext_lazy("A source is silent"),
    "rejected_many": gettext_lazy("Many events are rejected"),
}
WHAT_TO_DO = {
    "database_down": gettext_lazy("Start PostgreSQL; its log says why it ended. Everything else comes back by itself."),
    "disk_full": gettext_lazy("Make room, never by deleting in PostgreSQL's folder."),
    "writes_refused": gettext_lazy("Make room on its disk, or let it write again."),
    "locks_waited_for": gettext_lazy("End the session that holds the lock."),
    "transaction_old": gettext_lazy("End the session: it may hold locks, and keeps days from being closed."),
    "not_prepared": gettext_lazy("Run `manage.py prepare`, unless the settings name another database."),
    "database_slow": gettext_lazy("Look for a locked table or a busy server."),
    "other_time_zone": gettext_lazy("Set BUSINESS_TIME_ZONE back, and restart."),
    "front_silent": gettext_lazy("Restart the web server."),
    "redis_down": gettext_lazy("Start Redis again, empty or not. Events and pages go on meanwhile."),
    "beat_silent": gettext_lazy("Start beat and worker, or restart the worker."),
    "scores_late": gettext_lazy("Look into the worker's log; give it more processes if it happens often."),
    "events_unsettled": gettext_lazy("Look into the worker's log; give it more processes if it happens often."),
    "day_not_closed": gettext_lazy("Look for an old transaction that still writes into it, and into the worker's log."),
    "runs_failing": gettext_lazy("Look into the worker's log, and remove the cause."),
    "partitions_missing": gettext_lazy("Run `manage.py prepare`."),
    "backup_old": gettext_lazy("Look into the backup's log, then take one by hand."),
    "mail_late": gettext_lazy("Look into the worker's log, and at EMAIL_URL."),
    "sources_silent": gettext_lazy("Ask its owner whether it still sends."),
    "rejected_many": gettext_lazy("Look at the reasons under Rejected events, and tell the sender's owner."),
}


def details(name: str, facts: Facts) -> str:
    """Return what the facts say of a problem: who, where, how much; "" when its title says it all."""
    figures = facts.flat()
    if name == "database_down":
        return facts.database_trouble
    if name == "disk_full":
        return ", ".join(f"{folder}: {facts.machine.disk_free_bytes[folder]:,} B" for folder in figures["disks_full"])
    if name == "locks_waited_for" and facts.server and facts.server.lock_holder:
        count = facts.server.lock_waiting
        return f"{_session(facts.server.lock_holder)} · {_('%(count)s waiting') % {'count': count}}"
    if name == "transaction_old" and facts.server and facts.server.old_transaction:
        return _session(facts.server.old_transaction)
    figure = figures.get(_FIGURES.get(name, ""))
    if isinstance(figure, dict):
        return ", ".join(f"{key}: {value}" for key, value in figure.items())
    return "" if figure is None else str(figure)


_FIGURES = {
    "writes_refused": "writes_refused",
    "other_time_zone": "other_time_zone",
    "front_silent": "front",
    "runs_failing": "runs_failing",
    "partitions_missing": "partitions_missing",
    "sources_silent": "sources_silent",
    "rejected_many": "rejected_last_day",
}


def _session(session: Session) -> str:
    """Name a session by what is needed to find and end it."""
    age = "" if session.open_seconds is None else f", {session.open_seconds:.0f} s"
    who = session.application or _("no name")
    return f"pid {session.pid} ({who}, {session.state}{age}): {session.query}"


def since(name: str, facts: Facts, now: datetime) -> datetime | None:
    """Return since when a problem is there, where the facts tell."""
    seconds = _seconds(name, facts)
    return None if seconds is None else now - timedelta(seconds=seconds)


def _seconds(name: str, facts: Facts) -> float | None:
    server, progress = facts.server, facts.progress
    if server and name == "locks_waited_for":
        return server.lock_wait_seconds
    if server and server.old_transaction and name == "transaction_old":
        return server.old_transaction.open_seconds
    if progress is None:
        return None
    return {
        "beat_silent": progress.beat_age_seconds,
        "scores_late": progress.oldest_change_seconds.get("score"),
        "events_unsettled": progress.oldest_change_seconds.get("resettle"),
        "day_not_closed": progress.close_overdue_seconds,
        "backup_old": progress.backup_age_seconds,
        "mail_late": progress.mail_overdue_seconds,
    }.get(name)
