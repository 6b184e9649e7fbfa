"""Benches run at their smallest size, so that one that broke is found here and not when a figure is needed.

Some of them in every run, all in `make test-long`.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.sizes import sizes

ROOT = Path(__file__).resolve().parent.parent.parent
PREFIX = f"smoke_{os.getpid()}_"
TEMPLATE = f"{PREFIX}template"
AT_ONCE = 2
PATIENCE = 300  # seconds: only what hangs is ended

# The arguments of each bench, by its module's name. Modules that a bench is made of have none.
BENCHES = {
    "attacks": ["--share=0.1", "--only=50 half-sent bodies"],
    "at_rest": ["--seconds=0.5", "--settle=0", "--without-sample"],
    "backtest": ["--customers=40", "--seeds=1"],
    "corrections": ["--events=200", "--customers=2", "--others=5", "--alone=0.2"],
    "following": ["--rate=50", "--seconds=1", "--customers=5"],
    "fronts": ["--events=20", "--connections", "2", "--rounds=1"],
    "fuzz": ["--requests=60"],
    "identity": ["--events=100", "--others=3", "--alone=0.2"],
    "imports": ["--customers=20"],
    "ingest": ["--events=80", "--customers=5", "--connections=2", "--sizes", "1", "10"],
    "lists": ["--customers=60", "--times=1", "--questions=2"],
    "mails": ["--to={folder}", "--without-pictures"],
    "pages": ["--customers", "20", "30", "--events=3", "--events-of-one=200", "--rounds=2"],
    "publication": ["--customers=100", "--rows=3", "--days", "0", "16"],
    "scanner": ["--invitations=2"],
    "score": ["--customers=100", "--rows=3", "--without-events"],
    "segments": ["--customers=60", "--events=2000", "--rounds=2"],
    "structure": [],
    "surveys": ["--contacts=100", "--answers=100", "--rounds=1"],
    "whatif": ["--customers=100", "--rows=3"],
}
# What measures one part of Rapport, besides the tests of that part; the others start servers and clients of their own.
IN_EVERY_RUN = ("corrections", "identity", "ingest", "lists", "pages", "score", "segments", "structure", "whatif")
# With so few customers the back-test need not find the truth, which is what its exit code says.
MAY_EXIT_WITH = {"backtest": {0, 1}}
PARTS = {"__init__", "attack_site", "attackers", "fuzz_grammar", "client", "portfolio", "score_data", "scratch", "web"}
RUN_ELSEWHERE = {"crash"}  # tests/whole/test_kills.py
NEED_ANOTHER_VERSION = {"two_versions"}


def test_every_bench_is_named_here():
    assert {path.stem for path in (ROOT / "bench").glob("*.py")} == set(
        BENCHES
    ) | RUN_ELSEWHERE | NEED_ANOTHER_VERSION | PARTS


@pytest.fixture
def address(database_template, django_db_setup):
    """Yield the address of a server with a prepared database, which each bench copies instead of making its own."""
    given = os.environ["DATABASE_URL"]
    template = urlunsplit(urlsplit(given)._replace(path=f"/{TEMPLATE}"))
    with psycopg.connect(given, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE {TEMPLATE} TEMPLATE "{database_template}"')
        try:
            prepare = [sys.executable, "manage.py", "prepare"]
            subprocess.run(prepare, cwd=ROOT, env={**os.environ, "DATABASE_URL": template}, check=True)
            yield given
        finally:
            left = admin.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"]).fetchall()
            for (name,) in left:
                admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.mark.parametrize("names", sizes(IN_EVERY_RUN, tuple(BENCHES)), ids=len)
def test_they_run_at_their_smallest_size(address, tmp_path, names):
    def run(name: str) -> str:
        environment = {
            **os.environ,
            "DATABASE_URL": address,
            "BENCH_PREFIX": f"{PREFIX}{name}_",
            "BENCH_TEMPLATE": TEMPLATE,
        }
        arguments = [argument.format(folder=tmp_path) for argument in BENCHES[name]]
        command = [sys.executable, "-m", f"bench.{name}", *arguments]
        try:
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            return f"bench.{name}: not done after {PATIENCE} seconds"
        is_well = done.returncode in MAY_EXIT_WITH.get(name, {0}) and "Traceback" not in done.stderr
        return "" if is_well and done.stdout else f"bench.{name}: {done.stderr[-2_000:] or 'no output'}"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert [problem for problem in pool.map(run, names) if problem] == []
