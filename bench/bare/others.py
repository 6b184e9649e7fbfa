"""Other ways to take events with the same reading, checking and storing: `bench.fronts` compares them."""

import os
from collections.abc import Sequence
from datetime import datetime

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement_site.settings")

import django
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone

django.setup()
settings.MIDDLEWARE = []
settings.ROOT_URLCONF = __name__

from engagement_site.front import made  # noqa: E402 (models need Django set up)
from events import ingest, write_keys  # noqa: E402
from events.door.commits import Commits, Pace  # noqa: E402
from events.door.keys import Keys  # noqa: E402
from events.wire import body  # noqa: E402

_met = ingest.Met()


def each(request: HttpRequest) -> JsonResponse:
    """Store in a transaction of its own, the key looked up each time, in the thread that read the body."""
    now = timezone.now()
    source = write_keys.source_of(_key(request), now=now)
    assert source is not None
    read = body.parse(request.body, "track")
    parcel = ingest.read(read.messages, source=source, received_at=now, envelope=read.envelope)
    ingest.store([parcel], now=now, met=_met)
    return _taken()


async def together(request: HttpRequest) -> JsonResponse:
    """Store by group commit, as the front does, from an asynchronous view."""
    now = timezone.now()
    source = await _keys.source_of(_key(request))
    assert source is not None
    read = body.parse(request.body, "track")
    await _commits.commit(ingest.read(read.messages, source=source, received_at=now, envelope=read.envelope), now)
    return _taken()


def _key(request: HttpRequest) -> str | None:
    return write_keys.from_authorization(request.headers.get("Authorization", ""))


def _taken() -> JsonResponse:
    answer = JsonResponse({"success": True})
    answer["Content-Length"] = len(answer.content)
    return answer


_in_a_thread = made.pool(1, "together", lambda parcels, now: ingest.store(parcels, now=now, met=_met))


async def _store(parcels: Sequence[ingest.Parcel], now: datetime, _pace: Pace) -> None:
    await _in_a_thread(parcels, now)


_keys = Keys(made.pool(1, "keys", made._find))
_commits = Commits(_store)

# The same address for both: each server has one of them.
urlpatterns = [path("v1/track", together if os.environ["BENCH_FRONT"] == "asgi" else each)]

wsgi, asgi = WSGIHandler(), ASGIHandler()
