"""Servers of `manage.py run` that die or hang: started again where they were, and everybody finds them again."""

import os
import re
import signal
import time
import urllib.error
import urllib.request
from types import SimpleNamespace

import psutil
import psycopg
import pytest

from engagement_site.embedded import places, valkey
from engagement_site.running import kept
from engagement_site.running.deaths import Deaths, KeepsCrashing
from tests.setup.installation import PATIENCE, is_alive, prepared

HEALTH_SECONDS = 5.0  # the promise, whatever hangs


@pytest.fixture(scope="module")
def running(run_folder):
    """A Rapport that runs: how it was started, its address, and what it holds. It ends well whatever happened to it."""
    with prepared(run_folder / "prepared") as installation:
        process, printed = installation.run(patience=10 * PATIENCE)
        yield Running(installation, process, printed[-3].removeprefix("Rapport is running at "))
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        assert installation.falls_quiet()


class Running:
    def __init__(self, installation, process, address):
        self.installation, self.process, self.address = installation, process, address

    def note(self, name):
        return (self.installation.folder / "running" / name).read_text()

    def pid(self, name):
        return int(self.note(f"{name}.alive").split()[0])

    def log(self, name):
        return self.installation.folder / "logs" / f"{name}.log"

    def line(self):
        """Return the next line it says, but for those that something takes long."""
        return next(line for line in self.process.stdout if not line.startswith("Waiting for "))

    def line_of_a_server(self):
        """Return the next line, but for that of a worker that waited for a server and ended with it, or after it."""
        return next(line for line in iter(self.line, "") if not line.startswith("The worker process ended"))

    def says(self, line):
        assert self.line_of_a_server() == line + "\n"

    def says_it_ended(self, name, called):
        """The pause is longer where it ended lately."""
        pause, log = r"[124] s", re.escape(str(self.log(name)))
        line = self.line_of_a_server()
        assert re.fullmatch(f"{called} ended and starts again in {pause}; its log: {log}\n", line), line

    def is_ready(self):
        try:
            with urllib.request.urlopen(f"{self.address}health/ready", timeout=30) as answer:
                return answer.status == 200
        except OSError:
            return False

    def health(self):
        done = self.installation.finish("manage.py", "health", PORT=self.address.rstrip("/").rpartition(":")[2])
        return done.stdout.strip().rpartition("\n")[2]

    def beats_after(self, moment):
        with psycopg.connect(self.note("postgresql.url"), autocommit=True) as connection:
            found = connection.execute(
                "SELECT count(*) FROM core_run WHERE job = 'beat' AND finished_at > to_timestamp(%s)", [moment]
            )
            return found.fetchone()[0] == 1


def within(seconds, happens):
    give_up_at = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < give_up_at
        time.sleep(0.1)


def works_again(running, database, bell):
    """Both servers are where they were; web, worker and beat go on."""
    assert (running.note("postgresql.url"), running.note("valkey.url")) == (database, bell)
    since = time.time()
    within(PATIENCE, running.is_ready)
    within(PATIENCE, lambda: running.beats_after(since))
    assert running.health() == "All is well."


def test_a_killed_postgresql_and_a_killed_valkey_come_back(running):
    database, bell = running.note("postgresql.url"), running.note("valkey.url")
    works_again(running, database, bell)
    for name, called in (("postgresql", "PostgreSQL"), ("valkey", "Valkey")):
        os.kill(running.pid(name), signal.SIGKILL)
        running.says_it_ended(name, called)
        running.says(f"{called} answers again.")
        works_again(running, database, bell)


def test_servers_whose_guards_were_killed_are_guarded_again(running):
    database, bell = running.note("postgresql.url"), running.note("valkey.url")
    for name, called in (("postgresql", "PostgreSQL"), ("valkey", "Valkey")):
        server = psutil.Process(running.pid(name))
        server.parent().send_signal(signal.SIGKILL)
        running.says_it_ended(name, called)
        running.says(f"{called} answers again.")
        assert not is_alive(server)
    works_again(running, database, bell)


def test_a_server_that_does_not_answer_is_named_while_it_hangs(running):
    """PostgreSQL takes connections and says nothing; Valkey too, which is therefore started again."""
    within(PATIENCE, lambda: running.health() == "All is well.")
    began = time.monotonic()
    assert running.health() == "All is well."
    usual = time.monotonic() - began
    postmaster = psutil.Process(running.pid("postgresql"))
    stopped = [postmaster, *postmaster.children()]
    for one in stopped:
        one.suspend()
    began = time.monotonic()
    assert running.health().startswith("Wrong: database_down")
    assert time.monotonic() - began - usual < HEALTH_SECONDS
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{running.address}health/ready", timeout=PATIENCE)
    with refused.value:
        assert refused.value.code == 503
    for one in stopped:
        one.resume()
    os.kill(running.pid("valkey"), signal.SIGSTOP)
    within(PATIENCE, lambda: running.health() == "Wrong: redis_down")
    running.says(f"Valkey has not answered for {valkey.HUNG_SECONDS} s and is ended, to be started again.")
    running.says_it_ended("valkey", "Valkey")
    running.says("Valkey answers again.")
    works_again(running, running.note("postgresql.url"), running.note("valkey.url"))


def test_pauses_grow_until_it_is_of_no_more_use(tmp_path):
    deaths = Deaths("Valkey", tmp_path / "valkey.log")
    assert [deaths.note(now) for now in (0.0, 2.0, 5.0, 10.0)] == [1, 2, 4, 8]
    with pytest.raises(KeepsCrashing, match=r"Valkey ended 5 times within a minute; its log says why: .*valkey\.log"):
        deaths.note(20.0)
    assert deaths.note(200.0) == 1


class Dead:
    """A server that ended and cannot start."""

    is_up = False
    kind = valkey

    def __init__(self, folder):
        self.folder = folder
        self.log = folder / "valkey.log"


def test_a_full_disk_is_waited_for_and_counts_no_deaths(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(kept, "_free", lambda _folder: 1_000)
    monkeypatch.setattr(kept, "FULL_SECONDS", 0.0)
    server = kept.Kept(Dead(tmp_path))
    for now in range(9):
        server.look_after(float(now))
    full = "Valkey ended, and the disk is full: it starts again once there is room.\n"
    assert capsys.readouterr().out == full


def test_the_disk_with_the_least_room_counts(tmp_path, monkeypatch):
    """PostgreSQL's data may lie on a disk of their own."""
    free = {tmp_path: 9_000, tmp_path / places.CLUSTER: 1_000}

    def usage(folder):
        if folder not in free:
            raise FileNotFoundError
        return SimpleNamespace(free=free[folder])

    monkeypatch.setattr(kept.shutil, "disk_usage", usage)
    assert kept._free(tmp_path) == 1_000
    free.clear()
    assert kept._free(tmp_path) == kept.ROOM_BYTES
