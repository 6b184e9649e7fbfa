"""What Rapport uses while nobody does anything: processor time and memory, beside its servers.

    .venv/bin/python -m bench.at_rest [--seconds 60] [--settle 60] [--pid PID]

Starts everything in a scratch folder with the sample and servers of its own, waits until background work is done, and
counts. With --pid, counts what belongs to a `manage.py run` that is up. PSS shares what processes have in common
between them; RSS counts it in each.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from engagement_site.embedded import valkey

ROOT = Path(__file__).resolve().parent.parent
CONFIGURED = ("DATABASE_URL", "REDIS_URL", "HOST", "PORT", "RAPPORT_SAMPLE", "DJANGO_SETTINGS_MODULE")
# By a word of their command line; web is what is none of these.
PROGRAMS = {"engagement_site.running.worker": "worker", "celery": "worker", "engagement_site.running.ringing": "beat"}
MEBI = 1024 * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--settle", type=float, default=60)
    parser.add_argument("--pid", type=int)
    parser.add_argument("--without-sample", action="store_true")
    args = parser.parse_args()
    if args.pid:
        show(psutil.Process(args.pid), args.seconds)
        return
    with running(sample="off" if args.without_sample else "on") as pid:
        time.sleep(args.settle)
        show(psutil.Process(pid), args.seconds)


@contextmanager
def running(sample: str) -> Iterator[int]:
    """Run everything in a folder of its own until the block ends; give the process that `manage.py run` is."""
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder:
        Path(folder).chmod(0o755)  # as root, the servers run as another user
        plain = {name: value for name, value in os.environ.items() if name not in CONFIGURED}
        command = [sys.executable, "manage.py", "run", "--with-parent"]
        environment = plain | {
            "RAPPORT_DATA": f"{folder}/data",
            "PORT": str(valkey.free_port()),
            "RAPPORT_SAMPLE": sample,
        }
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout
            for line in process.stdout:
                if line.startswith("Stop with"):
                    break
            else:
                sys.exit("Rapport did not start.")
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(120)


def show(root: psutil.Process, seconds: float) -> None:
    before = {one.pid: used(one) for one in family(root)}
    time.sleep(seconds)
    rows: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    for one in family(root):
        memory = one.memory_full_info()
        busy = used(one) - before.get(one.pid, 0.0)
        for name in (part_of(one), "together"):
            row = rows[name]
            row[:] = row[0] + 1, row[1] + 100 * busy / seconds, row[2] + memory.rss / MEBI, row[3] + memory.pss / MEBI
    print(f"{'':<12}{'processes':>10}{'% of a core':>12}{'RSS MiB':>10}{'PSS MiB':>10}")
    for name, (count, core, rss, pss) in sorted(rows.items(), key=lambda row: (row[0] == "together", row[0])):
        print(f"{name:<12}{count:>10.0f}{core:>12.2f}{rss:>10.0f}{pss:>10.0f}")


def family(root: psutil.Process) -> list[psutil.Process]:
    """Return the process and all it started; the servers live apart, under guards of their own."""
    return [root, *root.children(recursive=True)]


def used(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def part_of(process: psutil.Process) -> str:
    words = process.cmdline()
    if any("guard_process" in word for word in words):
        return "guards"
    if "run" in words and any("manage.py" in word for word in words):
        return "run"
    return next((part for name, part in PROGRAMS.items() if name in words), "web")


if __name__ == "__main__":
    main()
