"""The full pass over a portfolio, beside what people write by hand, and beside DuckDB over the same events in columns.

    .venv/bin/python -m bench.score [--customers 200000] [--rows 40] [--without-events]

`--rows` is the number of daily counts per customer in the sixty days a score looks at; raw events are two per count.
A million customers with 50 rows each take a while and some 40 GB: `--customers 1000000 --rows 50`. DuckDB is measured
when it is installed (`pip install duckdb`). CPU seconds are the workers' own and the server's.
"""

import argparse
import hashlib
import os
import resource
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from bench import score_data as data
from bench.scratch import database, timed

PASS = "full pass, one worker"  # noqa: S105
BOTH = "full pass, two workers"
BY_HAND = "one SQL statement over raw events, not written"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--customers", type=int, default=200_000)
    parser.add_argument("--rows", type=int, default=40)
    parser.add_argument("--without-events", action="store_true", help="leave raw events, SQL by hand and DuckDB out")
    parser.add_argument("--one-worker", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--ahead", type=int, default=0, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one_worker:
        work(args.ahead)
        return
    with database():
        run(args.customers, args.rows, with_events=not args.without_events)


def run(customers: int, rows: int, *, with_events: bool) -> None:
    from django.utils import timezone

    from bench import whatif
    from core import days
    from scoring.models import ScoreHistory
    from scoring.runs import history

    now = timezone.now()
    times: dict[str, float] = {}
    data.make(customers, rows, times)
    if with_events:
        data.make_events(times)
    passed("first pass, all rows new", times, workers=1)
    one = passed(PASS, times, workers=1)
    rows_of_one = digest()
    two = passed(BOTH, times, workers=2)
    same = digest() == rows_of_one
    whatif.beside_a_pass(times[PASS], now=now, times=times)
    with timed("close a day and write its history", times):
        history.close_days(now=now + timedelta(days=1))
    if with_events:
        data.by_hand(BY_HAND, times)
        data.duckdb("DuckDB over the same events, not written", times)
    data.make_older(customers, rows, times)
    passed("full pass, twice the history behind it", times, workers=1)
    written = ScoreHistory.objects.filter(day=days.business_day(now)).count()
    report(customers, written, times, one, two, same)


def passed(what: str, times: dict[str, float], *, workers: int, ahead: int = 0) -> dict[str, float]:
    """Score everybody in processes of their own, so many days ahead; return CPU seconds and the most memory of one."""
    from core.models import Run
    from scoring.runs import run as scoring_run

    Run.objects.filter(job=scoring_run.JOB).delete()
    command = [sys.executable, "-m", "bench.score", "--one-worker", "--ahead", str(ahead)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, **pipes) for _ in range(workers)]  # type: ignore[call-overload]
    for process in processes:
        process.stdout.readline()  # it has started
    server = server_seconds()
    with timed(what, times):
        said = [answer.split() for answer in _all_at_once(processes)]
    if any(process.returncode for process in processes):
        sys.exit(f"{what}: a worker failed")
    used = {"cpu": sum(float(cpu) for cpu, _ in said), "server": server_seconds() - server}
    return {**used, "megabytes": max(float(megabytes) for _, megabytes in said)}


def _all_at_once(processes: list[subprocess.Popen[str]]) -> list[str]:
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [process.communicate()[0] for process in processes]


def work(ahead: int) -> None:
    """Be a worker: say that it has started, wait, take shards until none is left; print CPU seconds and megabytes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement_site.settings")
    import django

    django.setup()
    from django.utils import timezone

    from scoring.runs import run as scoring_run

    print("ready", flush=True)
    sys.stdin.readline()
    before = resource.getrusage(resource.RUSAGE_SELF)
    scoring_run.score_everyone(now=timezone.now() + timedelta(days=ahead))
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(cpu, after.ru_maxrss / 1024)


def server_seconds() -> float:
    """Return the CPU seconds of all PostgreSQL processes so far, ended ones included: they are their parent's."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().partition("(")[2].rpartition(")")
        except OSError:
            continue
        if name.startswith("postgres"):
            ticks += sum(map(int, rest.split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def digest() -> str:
    """Return one hash of everybody's current score, but for when it was made."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (to_jsonb(score) - 'scored_at')::text FROM scoring_currentscore AS score ORDER BY customer_id"
        )
        found = hashlib.sha256()
        for (row,) in cursor:
            found.update(row.encode())
    return found.hexdigest()


def report(
    customers: int, written: int, times: dict[str, float], one: dict[str, float], two: dict[str, float], same: bool
) -> None:
    full = times[PASS]
    print(f"\n{customers:,} customers, {written:,} rows of history")
    print(f"{customers / full:>9,.0f} customers a second in the full pass")
    print(f"{max(one['megabytes'], two['megabytes']):>9,.0f} MB of memory at most in a worker")
    for name, seconds in times.items():
        if name != PASS and not name.startswith("make"):
            print(f"{seconds / full:>9.3f} of a full pass: {name}")
    if BY_HAND in times:
        print(f"{full / times[BY_HAND]:>9.3f} of the statement by hand: the full pass, one worker")
        print(
            f"{times[BOTH] / times[BY_HAND]:>9.3f} of the statement by hand: the full pass, two workers (as installed)"
        )
    print(f"{(two['cpu'] + two['server']) / (one['cpu'] + one['server']):>9.3f} of the CPU seconds: two workers")
    print(
        f"          workers {one['cpu']:.1f} and {two['cpu']:.1f}, server {one['server']:.1f} and {two['server']:.1f}"
    )
    print(f"          the same rows by two workers: {'yes' if same else 'NO'}")


if __name__ == "__main__":
    main()
