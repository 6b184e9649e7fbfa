"""API keys: random, shown once, stored as a SHA-256 hash.

A fast hash is enough for 190 random bits (ASVS 6.5.2); a slow one would cost 194 ms a request.
"""

import hashlib
import hmac
import secrets
import string
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from staff.models import ApiKey

_ALPHABET = string.ascii_letters + string.digits
PREFIX = "rapport"  # fixed, so that secret scanners can find a leaked key


class UnknownScope(ValueError):
    """A scope that does not exist."""


def create(
    name: str, scopes: Iterable[str], *, now: datetime, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Return the new key's row and the key itself, which cannot be had again. Raises UnknownScope."""
    scopes = sorted(set(scopes))
    if unknown := [scope for scope in scopes if scope not in ApiKey.SCOPES]:
        raise UnknownScope(f"Unknown scope {unknown[0]!r}. Known scopes: {', '.join(ApiKey.SCOPES)}.")
    public_part = f"{PREFIX}_{_random(8)}"
    key = f"{public_part}_{_random(32)}"
    row = ApiKey.objects.create(
        name=name,
        public_part=public_part,
        secret_hash=_hash(key),
        scopes=scopes,
        created_at=now,
        expires_at=expires_at,
    )
    return row, key


def find(key: str, scope: str, *, now: datetime) -> ApiKey | None:
    """Return the live key's row if it carries the scope, else None. One query, two in the first use of a minute."""
    public_part = key.rpartition("_")[0]
    row = (
        ApiKey.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), public_part=public_part, revoked_at=None)
        .filter(scopes__contains=[scope])
        .first()
        if 0 < len(public_part) <= 40 and "\0" not in key
        else None
    )
    if row is None or not hmac.compare_digest(bytes(row.secret_hash), _hash(key)):
        return None
    if row.last_used_at is None or now - row.last_used_at >= timedelta(minutes=1):
        ApiKey.objects.filter(pk=row.pk).update(last_used_at=now)
    return row


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
