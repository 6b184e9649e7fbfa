"""A web server started as `make run` starts it, or another one beside it, on a free port."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engagement_site.running.address import Address
from engagement_site.running.programs import web

START_SECONDS = 120  # on a busy machine
BARE = ("--interface", "wsgi", "--workers", "2", "--blocking-threads", "1", "bench.bare.server:application")
# Other fronts for what Rapport's stores (bench.bare.others).
EACH = ("--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "bench.bare.others:wsgi")
DJANGO_ASGI = ("--interface", "asgi", "--workers", "2", "bench.bare.others:asgi")


@dataclass
class Served:
    port: int
    pid: int

    def memory(self) -> float:
        """Return the resident MiB of the server and its workers together."""
        pids = {self.pid, *_children(self.pid)}
        return sum(_resident(pid) for pid in pids) / 1024 / 1024


@contextmanager
def rapport() -> Iterator[Served]:
    """Run Rapport's own web server on the database that DATABASE_URL names."""
    port = _free_port()
    with _running(web(Address("127.0.0.1", port)).command, port) as served:
        yield served


@contextmanager
def bare(options: Sequence[str] = BARE) -> Iterator[Served]:
    """Run the bare view, or another front (bench.bare), on the same database."""
    port = _free_port()
    command = (sys.executable, "-m", "granian", "--port", str(port), "--log-level", "warning", *options)
    with _running(command, port) as served:
        yield served


@contextmanager
def _running(command: Sequence[str], port: int) -> Iterator[Served]:
    process = subprocess.Popen(command, env={**os.environ, "GRANIAN_LOG_LEVEL": "warning"})
    try:
        _wait_for(port)
        yield Served(port, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up_at:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The web server did not start.")


def _children(pid: int) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            except OSError:
                continue
            if parent == str(pid):
                found.append(int(folder.name))
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
