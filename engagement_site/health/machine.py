"""What can be known without the database: room on the disks, Redis, and whether the front answers."""

import contextlib
import http.client
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import redis
from django.conf import settings

from engagement_site.embedded import locks, places
from engagement_site.environment import env
from engagement_site.health.probing import Asked
from engagement_site.running import address

QUEUE = "celery"
REDIS_SECONDS = 1.0
FRONT_SECONDS = 2.0
DISK_SECONDS = 1.0
LEAST_BYTES = 256 * 1024 * 1024
LEAST_SHARE = 0.05
ENOUGH_BYTES = 5 * 1024 * 1024 * 1024  # whatever the share
DEBIAN = Path("/var/lib/postgresql")
ANSWERS, REFUSES, SILENT = "answers", "refuses", "silent"


@dataclass(frozen=True, slots=True)
class Machine:
    redis_answers: bool
    queue_length: int | None  # messages in Redis; None when it does not answer
    disk_free_bytes: dict[str, int]  # by folder: that of the data, and PostgreSQL's where it is on this machine
    disks_full: list[str]
    front: str | None  # ANSWERS, REFUSES or SILENT; None where nobody asked, or no front belongs to this folder


def read(*, ask_front: bool) -> Machine:
    """Ask all at once; takes two seconds at most. `ask_front`: not where the front itself is asking."""
    queue = Asked("redis", queue_length)
    disks = Asked("disks", lambda: measured(folders()))
    front = Asked("front", front_state) if ask_front else None
    rooms = disks.within(DISK_SECONDS, {})
    length = queue.within(REDIS_SECONDS + 0.5, None)
    return Machine(
        redis_answers=length is not None,
        queue_length=length,
        disk_free_bytes={folder: room.free for folder, room in rooms.items()},
        disks_full=[folder for folder, room in rooms.items() if room.is_full],
        front=front.within(FRONT_SECONDS + 0.2, SILENT) if front else None,
    )


def queue_length() -> int | None:
    """Return how many messages wait in Redis, None when it does not answer within a second."""
    url = str(settings.REDIS_URL).replace("redis+socket://", "unix://")
    try:
        with redis.Redis.from_url(
            url, socket_connect_timeout=REDIS_SECONDS, socket_timeout=REDIS_SECONDS, retry=None
        ) as client:
            return int(client.llen(QUEUE))
    except redis.RedisError:
        return None


@dataclass(frozen=True, slots=True)
class Room:
    free: int  # bytes we may use
    total: int
    has_files: bool  # whether another file can be made

    @property
    def is_full(self) -> bool:
        return not self.has_files or self.free < max(LEAST_BYTES, min(ENOUGH_BYTES, LEAST_SHARE * self.total))


def folders() -> list[Path]:
    """Return the folders whose disks must not be full: ours, and PostgreSQL's where it is known to be here."""
    data = settings.DATA_DIR
    if not _is_here(str(settings.DATABASES["default"]["HOST"])):
        return [data]
    return [data, data / places.CLUSTER, places.away(data) / places.CLUSTER, DEBIAN]


def _is_here(host: str) -> bool:
    return host in ("", "localhost", "127.0.0.1", "::1") or host.startswith("/")


def measured(some: Iterable[Path]) -> dict[str, Room]:
    """Return the room in each folder that there is; folders of one disk are told once."""
    rooms: dict[str, Room] = {}
    disks = set()
    for folder in some:
        with contextlib.suppress(OSError):
            disk, found = folder.stat().st_dev, os.statvfs(folder)
            if disk not in disks:
                disks.add(disk)
                has_files = found.f_files == 0 or found.f_favail > 0  # some file systems do not count them
                rooms[str(folder)] = Room(found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize, has_files)
    return rooms


def front_state() -> str | None:
    """Ask the front of this machine whether it lives.

    That nothing listens is bad only where `manage.py run` should have a front: elsewhere it may be on another machine.
    """
    runs_here = locks.is_held(settings.DATA_DIR / "running" / "run.lock")
    # Where it was started, which PORT need not say in this shell.
    at = urlsplit(((address.noted(settings.DATA_DIR) if runs_here else None) or address.chosen()).url)
    line = http.client.HTTPConnection(at.hostname or "127.0.0.1", at.port, timeout=FRONT_SECONDS)
    try:
        line.request("GET", "/health/live", headers={"Host": known_host()})
        line.getresponse().read(1)
        return ANSWERS
    except ConnectionRefusedError:
        return REFUSES if runs_here else None
    except (OSError, http.client.HTTPException):
        return SILENT
    finally:
        line.close()


def known_host() -> str:
    """Return a name under which the web server answers."""
    names = [name.lstrip(".") for name in env.words("ALLOWED_HOSTS", ["localhost"])]
    return next((name for name in names if name != "*"), "localhost")
