"""Requests that are nearly right, at a started web server: no answer of 500 or more, and counts that are the log's.

.venv/bin/python -m bench.fuzz [--requests 100000] [--seed 1]
"""

import argparse
import asyncio
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from bench import attack_site
from bench.fuzz_grammar import Asked, Grammar
from bench.scratch import database

SUCCESS = b'{"success": true}'
PATIENCE = 60.0  # seconds for an answer
CLIENTS = 8


@dataclass
class Found:
    """How often each status was answered, and what should not have been."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def note(self, asked: Asked, answer: bytes) -> None:
        head, _, body = answer.partition(b"\r\n\r\n")
        words = head.split(b" ", 2)
        status = int(words[1]) if len(words) == 3 else 0
        self.statuses[status] += 1
        if not 200 <= status < 500:
            self.wrong.append(f"{status or 'no answer'}: {asked.raw[:600]!r}")
        elif status == 200 and asked.is_for_events and body != SUCCESS:
            self.wrong.append(f"200 with {body[:100]!r}: {asked.raw[:600]!r}")


async def ask_all(port: int, key: str, *, seed: int, count: int, progress: bool = False) -> Found:
    """Send so many requests, by some clients at once."""
    grammar, found, began = Grammar(seed, key), Found(), time.monotonic()
    left = iter(range(count))

    async def client() -> None:
        for number in left:
            asked = grammar.asked()
            try:
                answer = await asyncio.wait_for(_answer(port, asked.raw), PATIENCE)
            except (TimeoutError, OSError) as error:
                answer = b""
                found.wrong.append(f"{error!r}: {asked.raw[:600]!r}")
            found.note(asked, answer)
            if progress and number and number % 5_000 == 0:
                print(
                    f"{number:9,} of {count:,} in {time.monotonic() - began:.0f} s, {len(found.wrong)} wrong",
                    flush=True,
                )

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return found


async def _answer(port: int, raw: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(raw)
        return await reader.read(-1)
    finally:
        writer.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with database("rapport_fuzz"):
        key = attack_site.fill()["key"]
        with attack_site.started() as port:
            found = asyncio.run(ask_all(port, key, seed=args.seed, count=args.requests, progress=True))
        differences = _differences()
    for status, times in sorted(found.statuses.items()):
        print(f"{times:9,} × {status or 'no answer'}")
    print(f"{len(found.wrong):9,} answers that should not be, {len(differences)} differences between counts and log")
    print("\n".join([*found.wrong[:20], *differences[:20]]))
    return 1 if found.wrong or differences else 0


def _differences() -> list[str]:
    """Settle what moved, as a worker would, and compare the counts with the log."""
    from django.utils import timezone

    from events.log import resettling
    from scoring.verify import counts
    from scoring.verify.report import Report

    resettling.settle_all(now=timezone.now())
    report = Report()
    counts.of_customers(0, 2**62, report)
    counts.of_sources(report)
    return [str(difference) for difference in report.unexplained]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement_site.settings")
    sys.exit(main())
