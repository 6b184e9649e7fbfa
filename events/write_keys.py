"""The source of a request, found by its write key wherever the SDK put it."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from events.models import Channel, Source
from events.wire.body import Body
from staff import api_keys
from staff.models import ApiKey


def from_header(request: HttpRequest) -> str | None:
    """Return the user name of Basic authorization (server SDKs and both browser SDKs)."""
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[0] or None
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None


def from_body(request: HttpRequest, body: Body) -> str | None:
    """Return the key some clients send instead: in the body, the query, or the first message."""
    first = body.messages[0] if body.messages else None
    in_first = first.get("writeKey") if isinstance(first, dict) else None
    # Where the SDKs that send no header put it (docs/integrate/events.md).
    key = body.envelope.get("writeKey") or request.GET.get("writeKey") or in_first
    return key if isinstance(key, str) else None


def source_of(key: str | None, *, now: datetime) -> Source | None:
    """Return the source of a live write key, None for any other text. Two queries."""
    row = api_keys.find(key, ApiKey.EVENTS_WRITE, now=now) if key else None
    return row.sources.first() if row else None


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
