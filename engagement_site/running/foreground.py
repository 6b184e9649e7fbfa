"""What `manage.py run` does, in order, from checking the port to stopping the last process.

Without Django: this process only watches the others, for weeks, and Django would take eighty megabytes for that. The
set-up, which needs it, is a process of its own.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from engagement_site.embedded import folders, locks
from engagement_site.environment import data_folder, metrics_folder
from engagement_site.health import processes
from engagement_site.running import address, programs, stopping, supervisor
from engagement_site.running.stopping import Stopping
from engagement_site.running.welcome import Welcome

BASE_DIR = Path(__file__).resolve().parent.parent.parent
WITH_PARENT = "--with-parent"


def knows(words: Sequence[str]) -> bool:
    """Tell whether these words of a command line are a run with nothing that Django would have to understand."""
    return words[:1] == ["run"] and set(words[1:]) <= {WITH_PARENT}


def main(*, with_parent: bool) -> None:
    """Run everything until a signal; exit 1, with a sentence, if something else ended it."""
    stop_request = Stopping()
    stop_request.listen()
    stopping.ask_when_left_alone(with_parent=with_parent)
    if (trouble := run(stop_request)) is not None:
        if trouble:
            print(trouble, file=sys.stderr)
        sys.exit(1)


def run(stopping: Stopping) -> str | None:
    """Run everything until a signal; return what to say if something else ended it, "" when it was said."""
    place = address.chosen()
    if trouble := address.port_problem(place):
        return trouble
    folder = data_folder(BASE_DIR)
    for inside in ("logs", "running"):
        folders.writable(folder / inside)
    turn = locks.try_to_hold(folder / "running" / "run.lock", shared=False)
    if turn is None:
        return (
            f"Rapport is already running with the data in {folder}. Stop it there, or give this one data of its own: "
            f"make run PORT={place.port} RAPPORT_DATA=/another/folder"
        )
    try:
        address.note(place, folder)
        return run_alone(place, folder, stopping)
    except KeyboardInterrupt:
        return None
    finally:
        stopping.leaves = True
        os.close(turn)


def run_alone(place: address.Address, folder: Path, stopping: Stopping) -> str | None:
    sign_in = first_steps()
    if sign_in is None:
        return ""
    processes.forget_the_gone(metrics_folder(folder))
    stopping.interrupts = False
    welcome = Welcome(place, sign_in, folder / "logs" / "web.log")
    return supervisor.keep_running(programs.together(place), folder, stopping, on_glance=welcome)


def first_steps() -> str | None:
    """Set up what a first page needs; return what to say about signing in, None when it failed and said why."""
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "engagement_site.running.first_steps", str(writing)]
    with os.fdopen(reading) as answer, subprocess.Popen(command, cwd=BASE_DIR, pass_fds=[writing]) as process:
        os.close(writing)
        try:
            sign_in = answer.read()
            return sign_in if process.wait() == 0 else None
        except KeyboardInterrupt:
            process.terminate()
            raise
