"""Unknown keys, counted per network in PostgreSQL: a network that tries many has to wait.

A key that exists is never counted: a stranger, or a colleague's old script, behind the same address must not lock
an integration out. The counts stand where the keys do: when PostgreSQL does not answer, nobody is let in.
"""

import ipaddress
from datetime import datetime, timedelta

from django.db import connection

from staff.models import KeyGuess

PER_MINUTE = 20
_COUNT = """
    INSERT INTO staff_keyguess (network, minute, count) VALUES (%s, %s, 1)
    ON CONFLICT (network, minute) DO UPDATE SET count = staff_keyguess.count + 1 RETURNING count
"""


def note(address: str, *, now: datetime) -> bool:
    """Count a wrong key; return whether the network has tried too many within this minute. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [network(address), now.replace(second=0, microsecond=0)])
        return bool(cursor.fetchone()[0] > PER_MINUTE)


def forget(*, now: datetime) -> int:
    """Drop counts older than an hour; return how many."""
    return KeyGuess.objects.filter(minute__lt=now - timedelta(hours=1)).delete()[0]


def network(address: str) -> str:
    """Return the network of one subscriber: an IPv4 address, or the /64 around an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address.strip())
    except ValueError:
        # Counted together: an address that cannot be read must not be a way around the limit.
        return "unknown"
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
