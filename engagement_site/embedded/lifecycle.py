"""A server runs while somebody leases it: the first starts it, the last one's leaving ends it.

A lease is a shared lock on a file, so the kernel ends it with its process. The server's guard waits to hold the
same lock alone; a process that comes meanwhile waits until the old server is gone, then starts a new one.
"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from engagement_site.embedded import folders, leftovers, locks, places
from engagement_site.embedded.errors import ServerError, did_not_start
from engagement_site.embedded.launch import under_guard

PATIENCE = 300.0  # seconds: recovery after a crash can take its time
ATTEMPTS = 3  # another program may take the port, or a killed server's last child be slow to go


@dataclass(frozen=True)
class Server:
    """One of the two servers, for one data folder."""

    kind: ModuleType  # engagement_site.embedded.postgresql or .valkey
    folder: Path
    for_tests: bool = False

    @property
    def log(self) -> Path:
        return self.folder / "logs" / f"{self.kind.KEY}.log"

    def file(self, ending: str) -> Path:
        return self.folder / "running" / f"{self.kind.KEY}.{ending}"

    @property
    def is_up(self) -> bool:
        return locks.is_held(self.file("alive"))


@contextmanager
def leased(server: Server) -> Iterator[tuple[str, int]]:
    """Give the server's address and the lease's descriptor, starting it if need be.

    Afterwards wait for it to stop, unless others go on with it.
    """
    folders.writable(server.folder)
    folders.writable(server.folder / "running")
    lease = obtained(server)
    try:
        yield server.file("url").read_text(), lease
    finally:
        os.close(lease)
        wait_until_gone_or_shared(server)


def obtained(server: Server) -> int:
    """Return the descriptor of a lease on a server that answers; it lasts until closed."""
    try:
        with locks.alone(server.folder / "running" / "start.lock", patience=PATIENCE):
            # Whoever leases a server that died still has its address, and finds the new one there.
            former = address(server) if locks.has_holders(server.file("lease")) else None
            lease = locks.hold(server.file("lease"), shared=True, patience=PATIENCE)
            for attempt in range(ATTEMPTS):
                time.sleep(attempt)
                if not server.is_up:
                    start(server, former)
                if wait_until_it_answers(server):
                    return lease
    except TimeoutError:
        raise ServerError(
            f"Another Rapport command has been starting or stopping {server.kind.NAME} for too long; "
            f"its log may say why: {server.log}"
        ) from None
    raise did_not_start(server.kind.NAME, server.log)


def started_again(server: Server) -> bool:
    """Start a server we lease that ended, at its former address and with its data; tell whether it answers.

    Raises ServerError when it cannot be started, TimeoutError while another process is at it for too long.
    """
    with locks.alone(server.folder / "running" / "start.lock", patience=PATIENCE):
        if not server.is_up:
            start(server, address(server))
        return wait_until_it_answers(server)


def end_hung(server: Server) -> None:
    """Kill a server that does not answer; its guard sees to the rest."""
    leftovers.stop_noted(server.file("alive"), program=server.kind.PROGRAM, gently=signal.SIGKILL)


def address(server: Server) -> str | None:
    """Return the address at which the server last was; None when it never was."""
    note = server.file("url")
    return note.read_text() if note.exists() else None


def start(server: Server, former: str | None = None) -> None:
    """Start it, at a former address if there is one to keep."""
    leftovers.stop_noted(server.file("alive"), program=server.kind.PROGRAM, gently=server.kind.STOP_SIGNAL)
    launch = server.kind.prepared(
        places.settle(server.folder), log=server.log, for_tests=server.for_tests, former=former
    )
    if launch.url != former:
        note = server.file("url")
        note.unlink(missing_ok=True)
        with os.fdopen(os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(launch.url)
    under_guard(launch, lease=server.file("lease"), alive=server.file("alive"), log=server.log)


def wait_until_it_answers(server: Server) -> bool:
    """Return False when the server ended instead."""
    url = server.file("url").read_text()
    began = time.monotonic()
    is_told = False
    while server.is_up and time.monotonic() - began < PATIENCE:
        if server.kind.answers(url):
            return True
        if not is_told and time.monotonic() - began > 5:
            print(f"Waiting for {server.kind.NAME} to be ready ...", file=sys.stderr)
            is_told = True
        time.sleep(0.05)
    return False


def wait_until_gone_or_shared(server: Server) -> None:
    while server.is_up and not locks.has_holders(server.file("lease")):
        time.sleep(0.02)
