"""Become one of the programs: python -m engagement_site.running web|worker|beat

For systemd and containers, which start programs again by themselves; `manage.py run` is for a terminal.
"""

import argparse
import os
from pathlib import Path

from engagement_site.environment import data_folder, metrics_folder
from engagement_site.health import processes
from engagement_site.running import address, programs

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    folder = data_folder(BASE_DIR)
    ours = {program.name: program for program in programs.apart(address.chosen())}
    parser = argparse.ArgumentParser(prog="python -m engagement_site.running", description=__doc__)
    parser.add_argument("program", choices=ours)
    name = parser.parse_args().program
    (folder / "running").mkdir(parents=True, exist_ok=True)
    if name == "web":
        processes.forget_the_gone(metrics_folder(folder))
    command = ours[name].command
    os.environ.update(ours[name].environment)
    os.chdir(BASE_DIR)
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main()
