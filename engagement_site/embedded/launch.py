"""Starts a server under a guard process."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from engagement_site.embedded.accounts import Account

GUARD_PROCESS = Path(__file__).with_name("guard_process.py")
ROTATE_AT = 10_000_000  # bytes


@dataclass(frozen=True)
class Launch:
    """One start of a server: what to run, where, and how it is stopped."""

    url: str
    command: list[str]
    folder: Path  # its working folder
    stop: tuple[str, ...]  # "SIGNAL:SECONDS", one after the other until it is gone
    account: Account | None = None
    stdin: bytes = b""
    tidy: Path | None = None  # a folder to remove afterwards, if empty by then


def under_guard(launch: Launch, *, lease: Path, alive: Path, log: Path) -> None:
    """Start the server; returns once the lock on `alive` is held, for as long as the server runs."""
    options = ["--lease", str(lease), "--alive", str(alive), "--in", str(launch.folder)]
    for step in launch.stop:
        options += ["--stop", step]
    if launch.account is not None:
        options += ["--user", str(launch.account.uid), "--group", str(launch.account.gid)]
    if launch.tidy is not None:
        options += ["--tidy", str(launch.tidy)]
    with opened(log) as file:
        subprocess.run(
            [*guard_command(), *options, "--", *launch.command],
            input=launch.stdin,
            stdout=file,
            stderr=file,
            env=plain_environment(),
            check=False,  # its lock shows whether it runs
        )


def guard_command() -> list[str]:
    """Return the command of a guard process: Python without site-packages, which starts in 30 ms."""
    return [sys.executable, "-I", "-S", str(GUARD_PROCESS)]


def plain_environment() -> dict[str, str]:
    """Return an environment in which nobody's PGPORT or LANG changes what a server does."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {"PATH": os.defpath, **kept, "LC_ALL": "C", "TZ": "UTC"}


def opened(log: Path) -> BinaryIO:
    """Open a log to add to; a long one is put aside first."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > ROTATE_AT:
        log.replace(log.with_suffix(".log.1"))
    return log.open("ab")
