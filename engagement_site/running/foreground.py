"""What `manage.py run` does, in order, from checking the port to stopping the last process."""

import os
from pathlib import Path

from django.conf import settings
from django.db import connections

from engagement_site.embedded import folders, locks
from engagement_site.health import processes
from engagement_site.running import address, first_steps, outside, programs, supervisor
from engagement_site.running.stopping import Stopping
from engagement_site.running.welcome import Welcome
from engagement_site.running.words import say


def run(stopping: Stopping) -> str | None:
    """Run everything until a signal; return a message for the terminal if something else ended it."""
    place = address.chosen()
    if trouble := address.port_problem(place):
        return trouble
    folder = settings.DATA_DIR
    for inside in ("logs", "running"):
        folders.writable(folder / inside)
    turn = locks.try_to_hold(folder / "running" / "run.lock", shared=False)
    if turn is None:
        return (
            f"Rapport is already running with the data in {folder}. Stop it there, or give this one data of its own: "
            f"make run PORT={place.port} RAPPORT_DATA=/another/folder"
        )
    try:
        return run_alone(place, folder, stopping)
    except KeyboardInterrupt:
        return None
    finally:
        stopping.leaves = True
        os.close(turn)


def run_alone(place: address.Address, folder: Path, stopping: Stopping) -> str | None:
    if trouble := outside.database_problem():
        return trouble
    if warning := outside.redis_trouble():
        say(warning)
    sign_in = first_steps.take(folder)
    connections.close_all()
    processes.forget_the_gone(settings.METRICS_DIR)
    stopping.interrupts = False
    welcome = Welcome(place, sign_in, folder / "logs" / "web.log")
    return supervisor.keep_running(programs.all_of_them(place, folder), folder, stopping, on_glance=welcome)
