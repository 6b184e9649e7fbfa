"""How long PostgreSQL lets one kind of process wait and work: sent when it connects, so that no query can forget it."""

from collections.abc import Mapping
from typing import Any

PROCESSES = ("web", "worker", "command")

# Seconds, 0 is no limit of ours. A page gives up while its reader still waits; a task may work for minutes, but holds
# nothing open for long; a command has somebody beside it, and may be a migration or a verification of everything.
STATEMENT = {"web": 15, "worker": 600, "command": 0}
LOCK = {"web": 5, "worker": 30, "command": 0}
IDLE_IN_TRANSACTION = {"web": 30, "worker": 120, "command": 0}


# How alike a misspelt word and a name must be to be compared letter by letter (core/db/search.py).
SEARCH = "-c pg_trgm.word_similarity_threshold=0.33"
# The hot path's statements (core/db/direct.py) look up a few rows by index, whatever their parameters.
PLANS = "-c plan_cache_mode=force_generic_plan"
CONNECT_SECONDS = 5


def apply(database: dict[str, Any], process: str, **limits: Mapping[str, int]) -> None:
    """Complete Django's settings of a database for a kind of process; what DATABASE_URL says has the last word.

    `limits`: PostgreSQL's name of each to the seconds by kind.
    """
    options = database.setdefault("OPTIONS", {})
    ours = [f"-c {name}={seconds[process]}s" for name, seconds in limits.items() if seconds[process]]
    options["options"] = " ".join([SEARCH, PLANS, *ours, options.get("options", "")]).strip()
    options.setdefault("connect_timeout", CONNECT_SECONDS)
    options.setdefault("application_name", f"rapport {process}")  # by which pg_stat_activity tells who is who
