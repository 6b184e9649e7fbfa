"""Keeps one server of ours running: started again where it was when it ends, ended when it hangs.

In a thread: recovery after a crash may take minutes, during which the programs are looked after all the same.
"""

import contextlib
import shutil
import threading
import time
from pathlib import Path

from engagement_site.embedded import lifecycle, places
from engagement_site.embedded.errors import ServerError
from engagement_site.embedded.lifecycle import Server
from engagement_site.running.deaths import Deaths, KeepsCrashing
from engagement_site.running.words import say

LOOK_SECONDS = 0.5
ASK_SECONDS = 5.0
ROOM_BYTES = 64 * 1024 * 1024  # PostgreSQL needs some to recover
FULL_SECONDS = 10.0


class Kept(threading.Thread):
    """A server that this process leases, and when it ended or last answered."""

    def __init__(self, server: Server) -> None:
        super().__init__(daemon=True, name=f"keeps {server.kind.NAME}")
        self.server = server
        self.gave_up = ""  # why, in a sentence
        self._deaths = Deaths(server.kind.NAME, server.log)
        self._over = threading.Event()
        self._answered_at = self._asked_at = time.monotonic()
        self._is_full = False

    def run(self) -> None:
        try:
            while not self._over.wait(LOOK_SECONDS):
                self.look_after(time.monotonic())
        except KeepsCrashing as why:
            self.gave_up = str(why)

    def stop(self) -> None:
        """Start nothing any more. A start that is under way ends with the lease."""
        self._over.set()

    def look_after(self, now: float) -> None:
        """Start it again if it ended; end it if it hangs. Raises KeepsCrashing."""
        if self.server.is_up:
            self._ask(now)
        elif not self._waits_for_room():
            name, log = self.server.kind.NAME, self.server.log
            pause = self._deaths.note(now)
            say(f"{name} ended and starts again in {pause} s; its log: {log}")
            if not self._over.wait(pause) and self._starts():
                say(f"{name} answers again.")

    def _starts(self) -> bool:
        try:
            return lifecycle.started_again(self.server)
        except (ServerError, OSError) as why:  # TimeoutError is an OSError
            say(f"{self.server.kind.NAME} could not be started: {why}")
            return False
        finally:
            self._answered_at = time.monotonic()

    def _waits_for_room(self) -> bool:
        """On a full disk a start fails, however often it is tried: wait for room, and count no deaths."""
        free = _free(self.server.folder)
        if free >= ROOM_BYTES:
            self._is_full = False
            return False
        if not self._is_full:
            say(f"{self.server.kind.NAME} ended, and the disk is full: it starts again once there is room.")
            self._is_full = True
        self._over.wait(FULL_SECONDS)
        return True

    def _ask(self, now: float) -> None:
        patience = self.server.kind.HUNG_SECONDS
        if patience is None or now - self._asked_at < ASK_SECONDS:
            return
        self._asked_at = now
        if self.server.kind.answers(lifecycle.address(self.server) or ""):
            self._answered_at = now
        elif now - self._answered_at > patience:
            say(f"{self.server.kind.NAME} has not answered for {patience} s and is ended, to be started again.")
            self._answered_at = now
            lifecycle.end_hung(self.server)


def _free(folder: Path) -> int:
    """Return the bytes free where there are fewest: PostgreSQL's data may lie on a disk of their own."""
    free = []
    for place in (folder, folder / places.CLUSTER, places.away(folder)):
        with contextlib.suppress(OSError):
            free.append(shutil.disk_usage(place).free)
    return min(free, default=ROOM_BYTES)
