"""One event a request through Rapport's front, and through other fronts that read, check and store the same.

    .venv/bin/python -m bench.fronts [--events 20000] [--connections 8 64] [--rounds 2]

The ways take turns, so that a machine that slows down slows all of them.
"""

import argparse
import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from statistics import mean

from bench import client, ingest, web
from bench.bare import table
from bench.scratch import database
from bench.web import Served

FRONTS: dict[str, Callable[[], AbstractContextManager[Served]]] = {
    "bare Django view, one row": web.bare,
    "Django, a transaction each": lambda: web.bare(web.EACH),
    "Django's ASGI, group commit": lambda: web.bare(web.DJANGO_ASGI),
    "Rapport's front": web.rapport,
}
CUSTOMERS = 2_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--connections", type=int, nargs="+", default=[8, 64])
    parser.add_argument("--rounds", type=int, default=2)
    args = parser.parse_args()
    with database():
        run(args.events, args.connections, args.rounds)


def run(events: int, connections: Sequence[int], rounds: int) -> None:
    key = ingest.write_key()
    table.create()
    with web.rapport() as served:
        ingest.introduce(CUSTOMERS, key, served.port)
    rates: dict[tuple[str, int], list[float]] = defaultdict(list)
    for turn in range(rounds):
        for name, front in FRONTS.items():
            os.environ["BENCH_FRONT"] = "asgi" if "ASGI" in name else "wsgi"
            with front() as served:
                for many in connections:
                    mark = f"{name} {turn} {many}"
                    rates[name, many].append(_rate(events, key, served.port, many, mark))
    for many in connections:
        bare = mean(rates["bare Django view, one row", many])
        for name in FRONTS:
            rate = mean(rates[name, many])
            print(f"{many:>4} connections, {name:<28}: {rate:>7,.0f}/s, {rate / bare:.2f} of the bare view")


def _rate(events: int, key: str, port: int, connections: int, mark: str) -> float:
    bodies = ingest.bodies(ingest.messages(events, CUSTOMERS, mark), 1, key)
    sent = client.send(bodies, port, connections=connections)
    ingest.all_taken(sent)
    rate = events / sent.seconds
    p50, p99 = sent.percentile(0.5) * 1000, sent.percentile(0.99) * 1000
    print(f"{mark}: {rate:,.0f}/s, p50 {p50:.1f} ms, p99 {p99:.1f} ms", flush=True)
    return rate


if __name__ == "__main__":
    main()
