"""Attacks on a started web server, and how long pages, health and events take meanwhile.

    .venv/bin/python -m bench.attacks [--behind nginx|caddy] [--share 1.0]

A probe fails when it is not answered 200 within ten seconds. Behind a proxy, its file of deploy/ is used as it is, but
for addresses.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bench import attack_site, attackers
from bench.attackers import Ended, Probes, Site
from bench.scratch import database
from engagement_site.front import sockets

LONGEST = 60.0  # seconds of one attack; whoever is not cut then counts as never cut
LOCKED = 7.0  # seconds that a lock is held: longer than anything waits for one
ON_COLLEAGUES = "a lock on all colleagues"  # without them, nobody can be told to be signed in
EXPORT = "/customers/export.csv"

Attack = Callable[[Site, float], Awaitable[Sequence[Ended]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--behind", choices=["nginx", "caddy"])
    parser.add_argument("--share", type=float, default=1.0, help="of the attackers")
    parser.add_argument("--only", default="", help="attacks of whose name this is a part")
    args = parser.parse_args()
    with database("rapport_attacks") as address:
        known = attack_site.fill()
        settings = {"ALLOWED_HOSTS": "localhost,rapport.example.com", "BEHIND_PROXY": "on"}
        with (
            attack_site.started(**settings) as port,
            behind(args.behind, Site(port, known["key"], known["session"])) as site,
        ):
            asyncio.run(run(site, address, args.share, args.only))


@contextmanager
def behind(proxy: str | None, site: Site) -> Iterator[Site]:
    """Yield the site as its clients see it."""
    if proxy is None:
        yield site
        return
    # What the tests of deploy/ start: no part of what mypy checks.
    proxies = import_module("tests.ops.proxies")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        upstream: Any = SimpleNamespace(port=site.port)
        with proxies.running(proxy, Path(folder), upstream) as front:
            yield Site(front.secure, site.key, site.session, proxies.HOST, proxies.TRUSTING)


async def run(site: Site, address: str, share: float, only: str) -> None:
    print(f"{'attack':34}{'probe':16}{'p50':>8}{'p99':>8}{'longest':>9}{'asked':>7}{'failed':>7}   attackers")
    total = 0
    for name, attack in attacks(address).items():
        if only not in name:
            continue
        probes, ended = await under(name, attack, site, share)
        total += len(probes.failures)
        _print(name, probes, ended)
    print(f"\n{total} probes failed")


async def under(name: str, attack: Attack, site: Site, share: float = 1.0) -> tuple[Probes, Sequence[Ended]]:
    """Attack, and probe meanwhile."""
    probes, over = Probes(site, may_refuse="signed-in page" if name == ON_COLLEAGUES else ""), asyncio.Event()
    probing = asyncio.create_task(probes.run(over))
    try:
        ended = await attack(site, share)
    finally:
        over.set()
        await probing
    return probes, ended


def attacks(address: str) -> dict[str, Attack]:
    """Return the attacks by name; `address` is that of the database, where locks are held."""
    return {
        "nothing": nothing,
        "50 half-sent bodies": half_sent,
        "50 trickling bodies": trickling,
        "50 half-sent chunks": half_chunked,
        "20 slow readers of an export": slow_readers,
        "40 wrong passwords at once": wrong_passwords,
        "1,100 half-sent bodies": many_half_sent,
        "a lock on a person": locked("a person", address),
        "a lock on a daily count": locked("a daily count", address),
        ON_COLLEAGUES: locked("colleagues", address),
    }


async def nothing(_site: Site, _share: float) -> Sequence[Ended]:
    await asyncio.sleep(5)
    return []


async def half_sent(site: Site, share: float) -> Sequence[Ended]:
    return await _all(attackers.half_sent(site, path, *headers) for path, headers in _doors(site, 50 * share))


async def trickling(site: Site, share: float) -> Sequence[Ended]:
    return await _all(attackers.trickling(site, path, *headers) for path, headers in _doors(site, 50 * share))


async def half_chunked(site: Site, share: float) -> Sequence[Ended]:
    return await _all(attackers.half_chunked(site, path, *headers) for path, headers in _doors(site, 50 * share))


async def many_half_sent(site: Site, share: float) -> Sequence[Ended]:
    sockets.allow_many()
    return await _all(attackers.half_sent(site, path, *headers) for path, headers in _doors(site, 1_100 * share))


async def slow_readers(site: Site, share: float) -> Sequence[Ended]:
    """Half of them read nothing, half of them 1 KB a second."""
    count = round(20 * share)
    return await _all(attackers.slow_reader(site, EXPORT, rate=1_000 * (i % 2)) for i in range(count))


async def wrong_passwords(site: Site, share: float) -> Sequence[Ended]:
    return await _all(attackers.wrong_password(site, i) for i in range(round(40 * share)))


def locked(what: str, address: str) -> Attack:
    """Hold a lock while events of the person it concerns are sent, and of others, and pages are asked for."""

    async def attack(site: Site, share: float) -> Sequence[Ended]:
        await site.track("held")

        async def one(i: int) -> Ended:
            began = time.monotonic()
            await asyncio.sleep(LOCKED * i / 80)
            return await site.track("held" if i % 2 else f"other-{i}"), time.monotonic() - began

        async def page() -> Ended:
            began = time.monotonic()
            status, _, _ = await site.ask("GET", "/customers/", b"", site.signed_in)
            return status, time.monotonic() - began

        with attack_site.held(what, address):
            sent = [*map(one, range(round(80 * share))), *(page() for _ in range(4))]
            gathered = asyncio.gather(*map(_bounded, sent))
            await asyncio.sleep(LOCKED)
        return await gathered

    return attack


def _doors(site: Site, count: float) -> list[tuple[str, list[str]]]:
    doors: list[tuple[str, list[str]]] = [
        ("/v1/batch", []), ("/v1/track", [site.with_key]), ("/sign-in/", []), ("/hooks/surveys/x/", []),
        ("/imports/new/", [site.signed_in]),
    ]  # fmt: skip
    return [doors[i % len(doors)] for i in range(round(count))]


async def _all(coroutines: Iterator[Coroutine[Any, Any, Ended]]) -> Sequence[Ended]:
    return await asyncio.gather(*map(_bounded, coroutines))


async def _bounded(coroutine: Coroutine[Any, Any, Ended]) -> Ended:
    try:
        return await asyncio.wait_for(coroutine, LONGEST)
    except TimeoutError:
        return None, None
    except OSError:
        return None, 0.0


def _print(attack: str, probes: Probes, ended: Sequence[Ended]) -> None:
    for name, waited in probes.waited.items():
        ordered = sorted(waited)
        p50, p99 = (ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.99))
        failed = sum(failure.startswith(f"{name}:") for failure in probes.failures)
        line = f"{attack:34}{name:16}{p50:8.3f}{p99:8.3f}{ordered[-1]:9.3f}{len(ordered):7}{failed:7}"
        print(line if name != "/health/live" else f"{line}   {_told(ended)}", flush=True)
    for failure in probes.failures[:5]:
        print(f"    {failure}")


def _told(ended: Sequence[Ended]) -> str:
    statuses = Counter(str(status or "no answer") for status, _ in ended)
    cut = [seconds for _, seconds in ended if seconds is not None]
    told = ", ".join(f"{count} × {status}" for status, count in statuses.items())
    return f"{told}; {len(cut)} of {len(ended)} ended, after {max(cut, default=0):.1f} s at most"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement_site.settings")
    main()
