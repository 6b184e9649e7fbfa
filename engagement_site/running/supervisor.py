"""Runs the programs side by side, and the servers we lease, until they are to stop or one keeps crashing."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from engagement_site import embedded
from engagement_site.running.deaths import KeepsCrashing
from engagement_site.running.kept import Kept
from engagement_site.running.programs import Program
from engagement_site.running.stopping import Stopping
from engagement_site.running.watched import Watched

POLL_SECONDS = 0.2


def keep_running(
    programs: Sequence[Program], folder: Path, stopping: Stopping, on_glance: Callable[[], None]
) -> str | None:
    """Run the programs until a signal; return a message for the terminal if something else ended them."""
    watched = [Watched(program, folder) for program in programs]
    servers = [Kept(server) for server in embedded.leased_here]
    try:
        for kept in servers:
            kept.start()
        while not stopping.asked:
            for running in watched:
                running.look_after(time.monotonic())
            if lost := next((kept.gave_up for kept in servers if kept.gave_up), ""):
                return lost
            on_glance()
            time.sleep(POLL_SECONDS)
    except KeepsCrashing as why:
        return str(why)
    finally:
        for kept in servers:
            kept.stop()
        for running in reversed(watched):
            running.stop(lambda: stopping.forced)
    return None
