"""Write keys: made for a source, and the source found by one."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from events.models import Channel, Source
from staff import api_keys
from staff.models import ApiKey


def from_authorization(header: str) -> str | None:
    """Return the user name of Basic authorization (server SDKs and both browser SDKs)."""
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[0] or None
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None


def source_of(key: str | None, *, now: datetime) -> Source | None:
    """Return the source of a live write key, with what admins list; None for any other text. Two queries."""
    row = api_keys.find(key, ApiKey.EVENTS_WRITE, now=now) if key else None
    return row.sources.with_lists().first() if row else None


@transaction.atomic
def create(name: str, scopes: Sequence[str], *, channel: Channel, now: datetime, **more: Any) -> str:
    """Return a new key; one that may write events belongs to the source of its name, made when there is none.

    A source can have two live keys, so that one can be replaced without a gap. `more` is as for `api_keys.create`.
    Raises ValueError.
    """
    if not name.strip() or len(name) > 100:
        raise ValueError("Give the key a name of 1 to 100 characters.")
    row, key = api_keys.create(name, scopes, now=now, **more)
    if ApiKey.EVENTS_WRITE in row.scopes:
        source, _ = Source.objects.get_or_create(
            name=name, defaults={"kind": Source.Kind.WRITE_KEY, "channel": channel, "created_at": now}
        )
        source.keys.add(row)
    return key
