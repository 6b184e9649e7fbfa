"""The names of time zones."""

from functools import cache
from zoneinfo import available_timezones

_NO_PLACE = {"Factory", "localtime"}  # a zone that says it is none, and whichever the machine happens to have


@cache
def names() -> frozenset[str]:
    """Return the names of all zones. Read once: finding them opens every file of the zone database, some 30 ms."""
    return frozenset(available_timezones() - _NO_PLACE)
