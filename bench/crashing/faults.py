"""The faults, by name: each is brought about while events come in, and what it stopped has to run again by itself."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from bench.crashing.rapport import DidNotComeBack, Rapport, within

HUNG_SECONDS = 25.0  # more than `manage.py run` puts up with
FULL_SECONDS = 8.0
SMALL_DISK = 2 * 1024 * 1024 * 1024  # bytes: a larger one would take long to fill, and may be somebody's own
BALLAST = "ballast"
LIMIT_BYTES = 64 * 1024


Act = Callable[[Rapport], Sequence[int]]


@dataclass(frozen=True)
class Fault:
    """How to bring it about, returning the processes that end; and which program that is: few ends are allowed it."""

    bring_about: Act
    ends: str = ""
    stays_down: bool = False  # nothing answers until `manage.py run` has started it again


def kill(number: int) -> Sequence[int]:
    os.kill(number, signal.SIGKILL)
    return [number]


def _program(name: str) -> Act:
    return lambda rapport: kill(rapport.pid(name))


def _guard(name: str) -> Act:
    """Kill the guard: its program is ended, too, to be started again under another."""
    return lambda rapport: [rapport.pid(name), *kill(rapport.guard(name))]


def _child(name: str) -> Act:
    return lambda rapport: kill(rapport.children(name)[0].pid)


def backend_of_front(rapport: Rapport) -> Sequence[int]:
    """Kill the session that stores events: PostgreSQL then ends all sessions and recovers."""
    question = """
        SELECT pid FROM pg_stat_activity WHERE application_name = 'rapport web' ORDER BY state_change DESC LIMIT 1
    """
    found: list[int] = []

    def is_there() -> bool:
        found[:] = [row[0] for row in rapport.ask(question)]
        return bool(found)

    within(60, is_there, "a session of the front")
    return kill(found[0])


def wiped(rapport: Rapport) -> Sequence[int]:
    rapport.redis().flushall()
    return []


def hung(rapport: Rapport) -> Sequence[int]:
    """Stop Valkey for longer than is put up with: it is ended and started again before it could go on."""
    number = rapport.pid("valkey")
    os.kill(number, signal.SIGSTOP)
    time.sleep(HUNG_SECONDS)
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGCONT)
    return [number]


def everything(rapport: Rapport) -> Sequence[int]:
    """Kill the process in the foreground, which takes all others with it, and start it again as its user would."""
    before = rapport.numbers()
    rapport.kill()
    rapport.start()
    return list(before)


def disk_full(rapport: Rapport) -> Sequence[int]:
    """Fill the disk of the data folder, leave it full for some seconds, and make room again."""
    room = os.statvfs(rapport.folder)
    if room.f_bfree * room.f_frsize > SMALL_DISK:
        raise DidNotComeBack(f"disk-full needs a small disk of its own: mount one at {rapport.folder}")
    ballast = rapport.folder / BALLAST
    try:
        until = time.monotonic() + FULL_SECONDS
        while time.monotonic() < until:
            _fill(ballast)
            time.sleep(0.2)
    finally:
        ballast.unlink(missing_ok=True)
    return []


def files_limited(rapport: Rapport) -> Sequence[int]:
    """Let PostgreSQL write no further into any file: it gives up, also recovering, and is started without the limit.

    In place of a full disk where none can be mounted. Linux only.
    """
    postmaster = psutil.Process(rapport.pid("postgresql"))
    # As its own user: a root without the right to change others' limits is refused, as in many containers.
    owner: dict[str, Any] = {"user": postmaster.uids().real, "group": postmaster.gids().real, "extra_groups": []}
    owner = owner if os.geteuid() == 0 else {}
    for process in (postmaster, *postmaster.children()):
        command = ["prlimit", f"--pid={process.pid}", f"--fsize={LIMIT_BYTES}:"]
        asked = subprocess.run(
            command, cwd="/", capture_output=True, check=False, **(owner if os.geteuid() == 0 else {})
        )
        if asked.returncode and process == postmaster:  # sessions come and go
            raise DidNotComeBack(f"PostgreSQL's files cannot be limited here: {asked.stderr.decode().strip()}")
    return [postmaster.pid]


def _fill(ballast: Path) -> None:
    """Take what is left, to the last byte."""
    with ballast.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue


FAULTS = {
    "web-worker": Fault(_child("web")),
    "web": Fault(_program("web"), "web"),
    "web-guard": Fault(_guard("web"), "web"),
    "worker-child": Fault(_child("worker")),
    "worker-and-beat": Fault(_program("worker"), "worker"),
    "worker-guard": Fault(_guard("worker"), "worker"),
    "postgresql-backend": Fault(backend_of_front),
    "postgresql": Fault(_program("postgresql"), "postgresql", stays_down=True),
    "postgresql-guard": Fault(_guard("postgresql"), "postgresql"),
    "valkey": Fault(_program("valkey"), "valkey", stays_down=True),
    "valkey-guard": Fault(_guard("valkey"), "valkey"),
    "valkey-wiped": Fault(wiped),
    "valkey-hung": Fault(hung, "valkey"),
    "everything": Fault(everything),
    "disk-full": Fault(disk_full, "postgresql"),
    "files-limited": Fault(files_limited, "postgresql"),
}
ASKED_FOR = {"disk-full", "files-limited"}  # only where it is named
