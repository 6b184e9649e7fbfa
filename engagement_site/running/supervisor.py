"""Runs the programs side by side until they are to stop, or one keeps crashing."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from engagement_site import embedded
from engagement_site.running.programs import Program
from engagement_site.running.stopping import Stopping
from engagement_site.running.watched import KeepsCrashing, Watched

POLL_SECONDS = 0.2


def keep_running(
    programs: Sequence[Program], folder: Path, stopping: Stopping, on_glance: Callable[[], None]
) -> str | None:
    """Run the programs until a signal; return a message for the terminal if something else ended them."""
    watched = [Watched(program, folder) for program in programs]
    try:
        while not stopping.asked:
            for running in watched:
                running.look_after(time.monotonic())
            if lost := lost_server():
                return lost
            on_glance()
            time.sleep(POLL_SECONDS)
    except KeepsCrashing as why:
        return str(why)
    finally:
        for running in reversed(watched):
            running.stop(lambda: stopping.forced)
    return None


def lost_server() -> str | None:
    """Return the sentence about a server of ours that ended although we lease it."""
    for server in embedded.leased_here:
        if not server.is_up:
            return f"{server.kind.NAME} ended unexpectedly; its log says why: {server.log}"
    return None
