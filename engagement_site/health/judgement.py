"""Which facts are bad, by name (docs/operate/monitor.md says what each means and what to do). Pure."""

from engagement_site.health.facts import Facts

CHANGE_SECONDS = 120
BEAT_SECONDS = 60
CLOSE_SECONDS = 15 * 60
BACKUP_SECONDS = 36 * 3600
MAIL_SECONDS = 30 * 60

PROBLEMS = (
    "other_time_zone",
    "redis_down",
    "beat_silent",
    "scores_late",
    "events_unsettled",
    "day_not_closed",
    "runs_failing",
    "partitions_missing",
    "backup_old",
    "mail_late",
)


def problems(facts: Facts) -> list[str]:
    """Return the names of what is wrong, in the order of PROBLEMS: an earlier one often explains the later ones."""
    wrong = {
        "other_time_zone": facts.other_time_zone is not None,
        "redis_down": not facts.redis_answers,
        "beat_silent": facts.beat_age_seconds is None or facts.beat_age_seconds > BEAT_SECONDS,
        "scores_late": facts.oldest_change_seconds.get("score", 0) > CHANGE_SECONDS,
        "events_unsettled": facts.oldest_change_seconds.get("resettle", 0) > CHANGE_SECONDS,
        "day_not_closed": facts.close_overdue_seconds > CLOSE_SECONDS,
        "runs_failing": bool(facts.runs_failing),
        "partitions_missing": facts.partitions_missing > 0,
        # Never taken is no problem: the company may back its PostgreSQL up by other means.
        "backup_old": facts.backup_age_seconds is not None and facts.backup_age_seconds > BACKUP_SECONDS,
        "mail_late": facts.mail_overdue_seconds is not None and facts.mail_overdue_seconds > MAIL_SECONDS,
    }
    return [name for name in PROBLEMS if wrong[name]]
