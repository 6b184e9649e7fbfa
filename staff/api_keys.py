"""API keys: random, shown once, stored as a SHA-256 hash.

A fast hash is enough for 190 random bits (ASVS 6.5.2); a slow one would cost 194 ms a request.
"""

import hashlib
import hmac
import logging
import secrets
import string
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import Q

from staff import wrong_keys
from staff.models import ApiKey, User

logger = logging.getLogger(__name__)
_ALPHABET = string.ascii_letters + string.digits
PREFIX = "rapport"  # fixed, so that secret scanners can find a leaked key
OVERLAP = timedelta(days=7)  # how long the old key still works after a rotation


class UnknownScope(ValueError):
    """A scope that does not exist, or that does not go with the others."""


class CannotRotate(ValueError):
    """This key has no successor to make; the message says why."""


def create(
    name: str,
    scopes: Iterable[str],
    *,
    now: datetime,
    expires_at: datetime | None = None,
    colleague: User | None = None,
) -> tuple[ApiKey, str]:
    """Return the new key's row and the key itself, which is stored nowhere. Raises UnknownScope."""
    scopes = sorted(set(scopes))
    if unknown := [scope for scope in scopes if scope not in ApiKey.SCOPES]:
        raise UnknownScope(f"Unknown scope {unknown[0]!r}. Known scopes: {', '.join(ApiKey.SCOPES)}.")
    if len(scopes) > 1 and (public := set(scopes) & {*ApiKey.PUBLIC_SCOPES}):
        raise UnknownScope(f"{public.pop()} stands alone: such a key sits in web pages, for everybody to read.")
    public_part = f"{PREFIX}_{_random(8)}"
    key = f"{public_part}_{_random(32)}"
    row = ApiKey.objects.create(
        name=name,
        public_part=public_part,
        secret_hash=_hash(key),
        scopes=scopes,
        colleague=colleague,
        created_at=now,
        expires_at=expires_at,
    )
    return row, key


@transaction.atomic
def rotate(row: ApiKey, *, now: datetime, overlap: timedelta = OVERLAP) -> tuple[ApiKey, str]:
    """Return a successor of the same name, scopes, colleague and sources; the old key ends after `overlap`.

    Of the two, both live until then. Raises CannotRotate for a key that has ended or has a successor, and when the
    key it replaced is itself still live.
    """
    # Locked: two rotations at once would make two successors of one key.
    old = ApiKey.objects.select_for_update(of=("self",)).select_related("colleague").get(pk=row.pk)
    before = ApiKey.objects.filter(replaced_by=old).first()
    if not old.is_live(now):
        raise CannotRotate("This key has ended. Make a new one.")
    if old.replaced_by_id is not None:
        raise CannotRotate("This key has a successor already. Rotate that one.")
    if before is not None and before.is_live(now):
        raise CannotRotate("The key that this one replaced still works. Revoke it first: two live keys are enough.")
    new, key = create(old.name, old.scopes, now=now, expires_at=_as_long(old, now), colleague=old.colleague)
    new.sources.set(old.sources.all())
    ends = now + overlap
    old.expires_at = ends if old.expires_at is None else min(ends, old.expires_at)
    old.replaced_by = new
    old.save(update_fields=["expires_at", "replaced_by"])
    return new, key


def _as_long(old: ApiKey, now: datetime) -> datetime | None:
    """Let the successor live as long as its predecessor was meant to."""
    return None if old.expires_at is None else now + (old.expires_at - old.created_at)


def find(key: str, scope: str, *, now: datetime) -> ApiKey | None:
    """Return the live key's row if it carries the scope, else None. One query, two in the first use of a minute."""
    row = live(key, now=now)
    if row is None:
        wrong_keys.note(scope, now=now)
    return row if row is not None and scope in row.scopes else None


def live(key: str, *, now: datetime) -> ApiKey | None:
    """Return the row of a live key, whose colleague, if it acts as one, still works here.

    Queries as for `find`, and one more for the colleague.
    """
    public_part = key.rpartition("_")[0]
    if not 0 < len(public_part) <= 40 or "\0" in key:
        return None
    is_live = Q(expires_at=None) | Q(expires_at__gt=now)
    row = ApiKey.objects.filter(is_live, public_part=public_part, revoked_at=None).first()
    # In constant time: the time of a comparison must not tell how much of a hash was right.
    if row is None or not hmac.compare_digest(bytes(row.secret_hash), _hash(key)):
        return None
    # Not joined: write keys act as nobody, and go on while the colleagues' table is locked.
    if row.colleague is not None and not row.colleague.is_active:
        return None
    # Once a minute at most: a write for each request would be the most frequent write of all.
    if row.last_used_at is None or now - row.last_used_at >= timedelta(minutes=1):
        _note_use(row, now)
    return row


def _note_use(row: ApiKey, now: datetime) -> None:
    try:
        with transaction.atomic():
            ApiKey.objects.filter(pk=row.pk).update(last_used_at=now)
    except DatabaseError as error:
        # Whoever may read may do so as well while the database refuses writes.
        logger.warning("The use of API key %s is not noted: %s", row.public_part, str(error).partition("\n")[0])


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
