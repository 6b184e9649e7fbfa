"""A page of this version beside the same page of another one, asked in turn within one run.

    .venv/bin/python -m bench.two_versions /customers/ ../before DATABASE_URL_HERE DATABASE_URL_THERE [--times 30]

Each version runs in a process of its own, from its own folder and with its own database, which holds the same sample.
Prints medians of the whole request by Django's test client: seconds of the processor, and by the clock.
"""

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

WORKER = """
import sys, time
import django
django.setup()
from django.conf import settings
settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
settings.STORAGES["staticfiles"]["OPTIONS"] = {"base_url": "/static/"}
from django.test import Client
from staff.models import User
client = Client(SERVER_NAME="localhost")
client.force_login(User.objects.filter(role="lead", is_active=True).first())
def ask():
    cpu, clock = time.process_time(), time.perf_counter()
    answer = client.get(sys.argv[1])
    cpu, clock = time.process_time() - cpu, time.perf_counter() - clock
    return cpu * 1000, clock * 1000, answer.status_code, len(answer.content)
for _ in range(5):
    ask()
print("ready", flush=True)
for _ in sys.stdin:
    print(*ask(), flush=True)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("path")
    parser.add_argument("before", type=Path, help="a folder with the other version")
    parser.add_argument("here", help="the database of this version")
    parser.add_argument("there", help="the database of the other one")
    parser.add_argument("--times", type=int, default=30)
    args = parser.parse_args()
    workers = {"before": worker(args.path, args.before, args.there), "now": worker(args.path, Path.cwd(), args.here)}
    for process in workers.values():
        assert process.stdout is not None
        while (line := process.stdout.readline()).strip() != "ready":
            if not line:
                sys.exit("A version could not start.")
    found: dict[str, list[list[float]]] = {name: [] for name in workers}
    for _ in range(args.times):
        for name, process in workers.items():
            found[name].append(asked(process))
    medians = {name: [statistics.median(column) for column in zip(*rows, strict=True)] for name, rows in found.items()}
    for name, (cpu, clock, status, size) in medians.items():
        print(
            f"{name:<8}{cpu:>8.1f} ms of the processor {clock:>8.1f} ms by the clock, {size:,.0f} bytes, {status:.0f}"
        )
    print(f"ratio   {medians['now'][0] / medians['before'][0]:.2f}, {medians['now'][1] / medians['before'][1]:.2f}")
    for process in workers.values():
        process.kill()


def worker(path: str, folder: Path, database: str) -> subprocess.Popen[str]:
    settings = {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "engagement_site.settings"}
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", WORKER, path],
        cwd=folder,
        env={**os.environ, **settings},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def asked(process: subprocess.Popen[str]) -> list[float]:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    return [float(number) for number in process.stdout.readline().split()]


if __name__ == "__main__":
    main()
