"""Answers of the API remembered, so that a write that is sent again is not done again.

    with transaction.atomic():
        before = answers.claim(asker, key, request, now=now)
        if before is None:
            ... the write ...
            answers.keep(asker, key, status, body)

The row is inserted first: a second request with the same key waits for the first one's transaction, then finds its
answer. When the first one fails, its row goes with it, and the second does the work.
"""

import hashlib
from datetime import datetime, timedelta

from core.models import Answered

KEPT = timedelta(hours=24)


class OtherRequest(Exception):
    """The key was used for another request."""


def claim(asker: str, key: str, request: bytes, *, now: datetime) -> Answered | None:
    """Return the answer given before, or None when the caller is the first. Three queries. Raises OtherRequest."""
    of_key = {"asker": asker, "key_hash": _hash(key.encode())}
    # Here, too, not by the cleaning task alone: after a day the key may be used for another request.
    Answered.objects.filter(**of_key, at__lte=now - KEPT).delete()
    mine = Answered(**of_key, request_hash=_hash(request), at=now)
    Answered.objects.bulk_create([mine], ignore_conflicts=True)
    row = Answered.objects.get(**of_key)
    if bytes(row.request_hash) != mine.request_hash:
        raise OtherRequest
    # Status 0 is our own row, just inserted.
    return row if row.status else None


def keep(asker: str, key: str, status: int, body: str) -> None:
    Answered.objects.filter(asker=asker, key_hash=_hash(key.encode())).update(status=status, body=body)


def forget(*, now: datetime) -> int:
    """Drop answers that are a day old; return how many."""
    return Answered.objects.filter(at__lte=now - KEPT).delete()[0]


def _hash(value: bytes) -> bytes:
    return hashlib.sha256(value).digest()
