"""Which errors say that the database cannot do it now, whatever is asked: down, full, read-only, busy, too slow."""

from django.db import DatabaseError, InterfaceError, InternalError, OperationalError

# psycopg counts these among InternalError: read-only transaction; ended for being idle, or for its length.
_PASSING = {"25006", "25P03", "25P04"}
RETRY_AFTER = 5  # seconds


def is_unavailable(error: BaseException | None) -> bool:
    """Tell whether the same request may succeed a little later: such an error is answered 503, others 500."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return isinstance(error, InternalError) and getattr(error.__cause__, "sqlstate", None) in _PASSING


def is_read_only(error: DatabaseError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) == "25006"
