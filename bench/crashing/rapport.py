"""A whole Rapport with servers of its own, and what the bench has to know about it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

import psutil
import psycopg
import redis

from bench.crashing import plants
from core.jobs.waking import BELLS
from engagement_site.embedded import valkey

ROOT = Path(__file__).resolve().parent.parent.parent
CONFIGURED = ("DATABASE_URL", "REDIS_URL", "HOST", "PORT", "DJANGO_SETTINGS_MODULE", "RAPPORT_PROCESS")
START_SECONDS = 300.0
PROGRAMS = ("web", "worker", "postgresql", "valkey")
BEAT = "core.tasks.note_beat"
NO_PROXY = build_opener(ProxyHandler({}))


class DidNotComeBack(Exception):
    """Something did not happen by itself in time; the message says what."""


class Rapport:
    """Started as `make run` starts it, in a data folder of its own."""

    def __init__(self, folder: Path, plant: str = "") -> None:
        self.folder, self.plant = folder, plant
        self.port = valkey.free_port()
        self._process: subprocess.Popen[str] | None = None
        self._asker: subprocess.Popen[str] | None = None
        self.healths: deque[tuple[float, list[str]]] = deque(maxlen=10_000)  # when asked, what was wrong

    @property
    def environment(self) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if name not in CONFIGURED}
        ours = {"RAPPORT_DATA": str(self.folder), "PORT": str(self.port), "RAPPORT_SAMPLE": "off"}
        return {**plain, **ours, plants.VARIABLE: self.plant} if self.plant else {**plain, **ours}

    def start(self) -> None:
        """Start everything; return once the first page answers. Raises DidNotComeBack."""
        how = ["-m", "bench.crashing.start"] if self.plant else ["manage.py", "run", "--with-parent"]
        self._process = self._started(*how)
        threading.Thread(target=self._listen, args=[self._process], daemon=True).start()
        within(START_SECONDS, self.is_ready, "the first page")
        self._asker = self._started("-m", "bench.crashing.asking")
        threading.Thread(target=self._note_healths, args=[self._asker], daemon=True).start()

    def _started(self, *words: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _listen(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        for line in process.stdout:
            if not line.startswith(("Sign in:", "Stop with")):
                print(f"           {line.rstrip()}", flush=True)

    def _note_healths(self, asker: "subprocess.Popen[str]") -> None:
        assert asker.stdout
        for line in asker.stdout:
            told = json.loads(line)
            self.healths.append((told["at"], told["wrong"]))

    def stop(self) -> bool:
        """Stop it as Ctrl-C does; tell whether it ended well, and leave nothing running."""
        self._stop_asking()
        process = self._process
        if process is None:
            return True
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            return process.wait(START_SECONDS) == 0
        except subprocess.TimeoutExpired:
            process.kill()
            return False

    def kill(self) -> None:
        """Kill the process in the foreground; its guards stop all others."""
        assert self._process is not None
        self._stop_asking()
        self._process.kill()
        self._process.wait()
        within(START_SECONDS, lambda: not any(self.is_held(name) for name in PROGRAMS), "the end of all processes")

    def _stop_asking(self) -> None:
        if self._asker is not None and self._asker.stdin is not None:
            self._asker.stdin.close()
            self._asker.wait(START_SECONDS)

    def manage(self, *words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)

    # Its processes

    def pid(self, name: str) -> int:
        """Return the process of a program or a server. Raises DidNotComeBack when none is noted."""
        noted = (self.folder / "running" / f"{name}.alive").read_text().split()
        if not noted:
            raise DidNotComeBack(f"{name} does not run")
        return int(noted[0])

    def children(self, name: str) -> list[psutil.Process]:
        """Return the processes that a program shares its work among."""
        helpers = ("resource_tracker", "semaphore_tracker")
        try:
            children = psutil.Process(self.pid(name)).children()
            return [child for child in children if is_alive(child) and not _is_named(child, helpers)]
        except psutil.Error:
            return []

    def guard(self, name: str) -> int:
        return int(psutil.Process(self.pid(name)).ppid())

    def is_held(self, name: str) -> bool:
        """Tell whether a guard looks after the program."""
        from engagement_site.embedded import locks

        return locks.is_held(self.folder / "running" / f"{name}.alive")

    def numbers(self) -> set[int]:
        """Return all processes of its programs and servers but PostgreSQL's own children."""
        found = {self.pid(name) for name in PROGRAMS}
        return found | {child.pid for name in ("web", "worker") for child in self.children(name)}

    # What it says

    def is_ready(self) -> bool:
        try:
            with NO_PROXY.open(f"http://127.0.0.1:{self.port}/health/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            if self._process is not None and self._process.poll() is not None:
                raise DidNotComeBack("Rapport ended") from None
            return False

    def is_well_since(self, moment: float) -> bool:
        """Tell whether health was asked after the moment (time.time()) and found nothing wrong."""
        return any(at > moment and not wrong for at, wrong in list(self.healths)[-3:])

    def named_since(self, moment: float) -> list[str]:
        """Return what health named after the moment, most often named first."""
        names = [name for at, wrong in list(self.healths) if at > moment for name in wrong]
        return sorted(set(names), key=lambda name: -names.count(name))

    def has_worked_since(self, moment: float) -> bool:
        """Tell whether a task that beat rang for was done after the moment."""
        question = "SELECT finished_at > to_timestamp(%s) FROM core_run WHERE job = 'beat' AND finished_at IS NOT NULL"
        try:
            self.redis().rpush(BELLS, BEAT)  # rather than wait for its ten seconds
            return any(row[0] for row in self.ask(question, [moment]))
        except (psycopg.Error, redis.RedisError, OSError):
            return False

    def ask(self, question: str, values: Any = ()) -> list[tuple[Any, ...]]:
        """Ask PostgreSQL past Django. Raises psycopg.Error."""
        address = (self.folder / "running" / "postgresql.url").read_text()
        with psycopg.connect(address, connect_timeout=5, autocommit=True, application_name="bench") as connection:
            cursor = connection.execute(question, values)
            return cursor.fetchall() if cursor.description else []

    def redis(self) -> "redis.Redis":
        address = (self.folder / "running" / "valkey.url").read_text()
        return redis.Redis.from_url(address, socket_connect_timeout=2, socket_timeout=2, retry=None)


def is_alive(process: psutil.Process) -> bool:
    return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)


def _is_named(process: psutil.Process, names: tuple[str, ...]) -> bool:
    words = " ".join(process.cmdline())
    return any(name in words for name in names)


def within(seconds: float, happens: Callable[[], bool], what: str) -> None:
    """Wait for something. Raises DidNotComeBack after so many seconds."""
    give_up_at = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > give_up_at:
            raise DidNotComeBack(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.1)
