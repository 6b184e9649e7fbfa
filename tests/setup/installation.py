"""A Rapport of its own for a test: its data folder, its environment, and the processes that belong to it."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from engagement_site.embedded import places, valkey

ROOT = Path(__file__).resolve().parent.parent.parent
CONFIGURED = ("DATABASE_URL", "REDIS_URL", "HOST", "PORT", "RAPPORT_SAMPLE", "DJANGO_SETTINGS_MODULE")

PATIENCE = 200  # seconds, for what takes one or ten on a machine with nothing else to do; the servers' own is 300

HOLD_SERVERS = """
import os, sys
from engagement_site import embedded
with embedded.servers():
    print(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], flush=True)
    sys.stdin.readline()
"""


class Installation:
    """What a person has who cloned Rapport, and what a test needs to know about it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[subprocess.Popen[str]] = []

    def environment(self, **more: str) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if name not in CONFIGURED}
        return {**plain, "RAPPORT_DATA": str(self.folder), **more}

    def finish(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run Python with the arguments to its end."""
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment(**more), capture_output=True, text=True, timeout=PATIENCE
        )

    def start(self, *arguments: str, patience: float = PATIENCE, **more: str) -> subprocess.Popen[str]:
        """Start Python with the arguments, talking through pipes; it is killed after so many seconds."""
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment(**more),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        deadline = threading.Timer(patience, process.kill)  # a test that waits for words that never come ends, too
        deadline.daemon = True
        deadline.start()
        return process

    def run(self, *, patience: float = PATIENCE, **more: str) -> tuple[subprocess.Popen[str], list[str]]:
        """Start everything on a free port and return the process with the lines it said once the page answered."""
        settings = {"PORT": str(valkey.free_port()), "RAPPORT_SAMPLE": "off", **more}
        process = self.start("manage.py", "run", "--with-parent", patience=patience, **settings)
        assert process.stdout
        said = []
        for line in process.stdout:
            said.append(line.rstrip("\n"))
            if line.startswith("Stop with"):
                return process, said
        raise AssertionError("\n".join(said))

    def hold_servers(self) -> tuple[subprocess.Popen[str], str, str]:
        """Start a process that holds both servers until it reads a line; return it and their addresses."""
        process = self.start("-c", HOLD_SERVERS)
        assert process.stdout
        line = process.stdout.readline()
        assert line.startswith("postgres://"), line + process.stdout.read()
        database, bell = line.split()
        return process, database, bell

    def kill_outright(self, process: subprocess.Popen[str]) -> None:
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)

    def processes(self) -> list[psutil.Process]:
        """Return all that runs for this installation: what names its folder, and what a guard holds."""
        ours = []
        for process in psutil.process_iter(["cmdline"]):
            if any(str(self.folder) in word for word in process.info["cmdline"] or []):
                ours.append(process)
                ours += children_of(process)
        return [process for process in set(ours) if is_alive(process)]

    def falls_quiet(self) -> bool:
        """Wait until nothing of it runs any more; False when something stays."""
        give_up_at = time.monotonic() + PATIENCE
        while self.processes():
            if time.monotonic() > give_up_at:
                return False
            time.sleep(0.05)
        return True

    def end(self) -> None:
        for process in self.started:
            if process.poll() is None:
                self.kill_outright(process)
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
        assert self.falls_quiet(), self.processes()


@contextmanager
def from_nothing() -> Iterator[Installation]:
    """Start from nothing, and leave nothing behind: neither processes nor folders."""
    outside = Path(tempfile.mkdtemp(prefix="rapport tests "))
    outside.chmod(0o755)  # as root, the servers run as another user
    made = Installation(outside / "data")
    try:
        yield made
    finally:
        made.end()
        shutil.rmtree(outside)
        shutil.rmtree(places.away(made.folder), ignore_errors=True)


@contextmanager
def prepared(folder: Path) -> Iterator[Installation]:
    """Start with a database that is prepared: copied from one that the first test of a run made in the folder.

    For tests that are about something else than the first start, whose migrations take longer than they do.
    """
    cluster = folder / "prepared cluster"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the processes of a run share it
        if not cluster.exists():
            _prepare(cluster)
    with from_nothing() as made:
        made.folder.mkdir(mode=0o755)
        copy_cluster(cluster, places.settle(made.folder).cluster)
        yield made


def _prepare(cluster: Path) -> None:
    with from_nothing() as first:
        holder, database, bell = first.hold_servers()
        done = first.finish("manage.py", "prepare", DATABASE_URL=database, REDIS_URL=bell)
        assert done.returncode == 0, done.stderr
        holder.communicate("\n", timeout=PATIENCE)
        copy_cluster(places.settle(first.folder).cluster, cluster)


def copy_cluster(source: Path, target: Path) -> None:
    """Copy a cluster that is at rest, with its owner and its rights: the whole one is there, or none."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name} unfinished")
    subprocess.run(["cp", "-a", str(source), str(unfinished)], check=True)
    unfinished.rename(target)


def children_of(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
