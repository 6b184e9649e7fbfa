"""Keys that do not exist, told in the log when many come: once a minute for each scope, not a line for each.

They let nobody in: 190 random bits cannot be guessed. An integration with an old key, or somebody who tries, should be
seen all the same.
"""

import logging
from datetime import datetime
from threading import Lock

logger = logging.getLogger(__name__)
MANY = 10  # within a minute, in one process

_lock = Lock()
_counts: dict[str, tuple[datetime, int]] = {}  # scope → minute, how many


def note(scope: str, *, now: datetime) -> None:
    """Count an unknown key; log when it is the tenth of its minute."""
    minute = now.replace(second=0, microsecond=0)
    with _lock:
        since, count = _counts.get(scope, (minute, 0))
        count = count + 1 if since == minute else 1
        _counts[scope] = minute, count
    if count == MANY:
        logger.warning("%s unknown keys for %s within a minute; others of this minute are not logged", MANY, scope)
