"""Whatever is killed under load comes back by itself, and nothing that was acknowledged is lost or doubled.

A whole Rapport, the clients and their ledger are those of bench.crash, which is also run with a fault planted in
Rapport: what it does not find, it could not be trusted not to find.
"""

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager

import pytest

from bench.crashing.faults import ASKED_FOR, FAULTS
from engagement_site.embedded import places
from tests.setup.installation import ROOT, copy_cluster, prepared
from tests.sizes import sizes

PATIENCE = 900  # seconds, for what takes a minute and a half: each wait within has a bound of its own
DISK = "512m"  # PostgreSQL takes 120, and with less than 256 free a disk is said to be full
LIMITED = "files-limited"  # in place of a full disk, also where no disk can be mounted; with prlimit
NAMED = {"web": {"front_silent"}, "valkey": {"redis_down"}, "valkey-hung": {"redis_down"}}
DOWN = {"database_down", "database_slow"}


class Crash:
    """What bench.crash found in a data folder."""

    def __init__(self, folder, *words):
        report = folder.parent / "report.json"
        command = [sys.executable, "-m", "bench.crash", "--data", str(folder), "--report", str(report), *words]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
        self.code, self.said = done.returncode, done.stdout + done.stderr
        assert report.exists(), self.said
        told = json.loads(report.read_text())
        self.judgement, self.answers, self.trouble = told["judgement"], told["answers"], told["trouble"]
        self.faults = {one["fault"]: one for one in told["faults"]}

    def is_well(self):
        """Nothing is lost or doubled, and nothing was in the way."""
        assert (self.code, self.trouble) == (0, []), self.said
        judgement = self.judgement
        assert judgement["acknowledged"] == judgement["stored"] == judgement["counted"]
        assert [judgement[what] for what in ("lost", "doubled", "strange", "miscounted")] == [0, 0, 0, 0]


@pytest.fixture
def folder(run_folder):
    """The data folder of an installation whose database is prepared."""
    with prepared(run_folder / "prepared") as made:
        yield made.folder


@pytest.mark.parametrize("size", sizes((20_000, 1), (200_000, 5)), ids=str)
def test_whatever_is_killed_comes_back_and_nothing_is_lost_or_doubled(folder, size):
    """Also when PostgreSQL can write no file for a while."""
    events, kills = size
    faults = [name for name in FAULTS if name not in ASKED_FOR] + [LIMITED] * (shutil.which("prlimit") is not None)
    words = (f"--events={events}", f"--kills={kills}", "--rate=300", "--until-named")
    found = Crash(folder, *words, "--faults", *faults)
    found.is_well()
    assert found.judgement["acknowledged"] >= events
    assert list(found.faults) == faults
    if LIMITED in faults:
        assert found.faults[LIMITED]["refused"] > 0
        assert DOWN & set(found.faults[LIMITED]["named"]), found.said
    for fault, names in NAMED.items():
        assert names <= set(found.faults[fault]["named"]), found.said
    assert DOWN & set(found.faults["postgresql"]["named"]), found.said


def test_a_full_disk_is_answered_with_503_and_named_and_all_goes_on_once_there_is_room(folder):
    with small_disk(folder.parent / "disk") as disk:
        if disk is None:
            pytest.skip("no disk can be mounted here")
        copy_cluster(places.settle(folder).cluster, disk / places.CLUSTER)
        found = Crash(disk, "--events=2000", "--rate=300", "--faults", "disk-full")
    found.is_well()
    assert found.answers["503"] > 0
    assert "disk_full" in found.faults["disk-full"]["named"]


@pytest.mark.parametrize(
    ("plant", "kills", "what"),
    [("answer-before-commit", 1, "lost"), ("lost-wal", 1, "lost"), ("no-dedupe", 0, "doubled")],
)
def test_a_planted_fault_is_found(folder, plant, kills, what):
    found = Crash(folder, "--plant", plant, f"--kills={kills}", "--events=800", "--rate=400", "--faults", "postgresql")
    assert found.code == 1
    assert found.judgement[what] > 0, found.said
    assert found.trouble == []


@contextmanager
def small_disk(folder):
    """Yield a memory disk mounted at the folder, None where that is not allowed."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=755", "rapport", str(folder)]
    is_mounted = os.geteuid() == 0 and subprocess.run(command, capture_output=True).returncode == 0
    try:
        yield folder if is_mounted else None
    finally:
        if is_mounted:
            subprocess.run(["umount", str(folder)], check=True)
