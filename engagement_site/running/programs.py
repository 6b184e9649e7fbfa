"""The three programs that run together, in the order they start; they stop in the opposite one."""

import sys
from dataclasses import dataclass
from pathlib import Path

from core.db import limits
from engagement_site.environment import env
from engagement_site.logs.configuration import FORMATS
from engagement_site.running.address import Address

BACKLOG = "4096"  # clients of all workers together: idle ones, and those that are slow
WORKER_KIB = "400000"  # a process that holds more after a task is replaced by a fresh one
LOG_CONFIG = Path(__file__).resolve().parent.parent / "logs" / "granian.json"


@dataclass(frozen=True)
class Program:
    """A program kept running: its command, and how it is stopped."""

    name: str
    command: tuple[str, ...]
    stop: tuple[str, ...]  # "SIGNAL:SECONDS", one after the other; then it is killed

    @property
    def environment(self) -> dict[str, str]:
        """Say which kind of process it is (core/db/limits.py); beat asks PostgreSQL nothing."""
        kind = self.name if self.name in limits.PROCESSES else "worker"
        # Two arenas: each further one, of the many that threads get, keeps memory it does not need.
        return {"RAPPORT_PROCESS": kind, "MALLOC_ARENA_MAX": "2"}


def together(address: Address) -> list[Program]:
    """Return what `manage.py run` runs: beat is a thread of the worker."""
    return [worker(with_beat=True), web(address)]


def apart(address: Address) -> list[Program]:
    """Return what systemd and containers run: there may be many workers, and beat is one of its own."""
    return [worker(), web(address), beat()]


def worker(*, with_beat: bool = False) -> Program:
    """Tasks may be cut short after ten seconds: what they did not finish is still due in PostgreSQL."""
    processes = str(env.number("WORKER_PROCESSES", 2, 1, 256))
    options = ("--pool", "prefork", "--concurrency", processes, "--max-memory-per-child", WORKER_KIB)
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING")
    program = (sys.executable, "-m", "engagement_site.running.worker") if with_beat else (*_celery(), "worker")
    return Program("worker", (*program, *options, *quiet), ("SIGTERM:10", "SIGQUIT:3"))


def web(address: Address) -> Program:
    """Slow headers are cut off by the server, slow bodies by the front (engagement_site.front)."""
    options = ("--interface", "asgi", "--host", address.host, "--port", str(address.port), "--no-ws", *_log_lines())
    processes = str(env.number("WEB_PROCESSES", 2, 1, 256))
    workers = ("--workers", processes, "--backlog", BACKLOG, "--respawn-failed-workers")
    patience = ("--workers-kill-timeout", "5")
    command = (sys.executable, "-m", "granian", *options, *workers, *patience, "engagement_site.front.asgi:application")
    return Program("web", command, ("SIGTERM:10",))


def beat() -> Program:
    return Program("beat", (sys.executable, "-m", "engagement_site.running.ringing"), ("SIGTERM:5",))


def _log_lines() -> tuple[str, ...]:
    """The web server has lines of its own, before and beside Django's; they take the same form."""
    return ("--log-config", str(LOG_CONFIG)) if env.choice("LOG_FORMAT", "plain", FORMATS) == "json" else ()


def _celery() -> tuple[str, ...]:
    return (sys.executable, "-m", "celery", "--app", "engagement_site", "--quiet")
