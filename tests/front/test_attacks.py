"""A server that is really started, attacked as attackers do: whoever else asks does not notice, and they are cut.

A probe has the ten seconds of its client; how long it took is told by `bench.attacks`, which runs the same attacks one
after the other, and behind the proxies.
"""

import asyncio
import json
import os
from collections import Counter

import pytest

from bench import attack_site, attackers, attacks
from bench.attackers import Site
from tests.ops.databases import Database

CUT_WITHIN = 30  # seconds: eight or ten, on a machine that may be busy with other tests
READERS_CUT_WITHIN = 60  # thirty


@pytest.fixture(scope="module")
def database(database_template, django_db_setup):
    made = Database(f"attacked_{os.getpid()}")
    made.create(database_template)
    yield made
    made.drop()


@pytest.fixture(scope="module")
def site(database, tmp_path_factory):
    """Where attackers find the server, and what they know. With an installation's settings: passwords cost time."""
    settings = {
        "DATABASE_URL": database.url,
        "DJANGO_SETTINGS_MODULE": "engagement_site.settings",
        "RAPPORT_DATA": str(tmp_path_factory.mktemp("attacked")),
        "SECRET_KEY": "attackers do not know this secret",
    }
    database.manage("prepare")
    known = json.loads(database.python("-m", "bench.attack_site", **settings))
    with attack_site.started(**settings) as port:
        yield Site(port, **known)


def test_nobody_notices_and_attackers_are_cut(site, database):
    """One after the other, while slow readers sit there all the time."""
    failures, ended = asyncio.run(all_attacks(site, database.url))
    assert failures == []
    for name in ("50 half-sent bodies", "50 trickling bodies", "50 half-sent chunks", "1,100 half-sent bodies"):
        assert set(Counter(status for status, _ in ended[name])) == {408}, name
        assert max(seconds for _, seconds in ended[name]) < CUT_WITHIN, name
    readers = ended["20 slow readers of an export"]
    assert len(readers) == 20
    assert all(seconds is not None and seconds < READERS_CUT_WITHIN for _, seconds in readers), readers
    guesses = ended["40 wrong passwords at once"]
    assert len(guesses) == 40
    # 503 where guesses wait for each other too long; 403 and 429 are for those who guess on
    assert {status for status, _ in guesses} <= {200, 403, 429, 503}
    for name in ("a lock on a person", "a lock on a daily count"):
        assert {status for status, _ in ended[name]} <= {200, 503}


async def all_attacks(site: Site, address: str) -> tuple[list[str], dict[str, list[attackers.Ended]]]:
    failures, ended = [], {}
    by_name = attacks.attacks(address)
    del by_name["nothing"]
    name = "20 slow readers of an export"
    reading = asyncio.create_task(by_name.pop(name)(site, 1.0))
    for other, attack in by_name.items():
        probes, ended[other] = await attacks.under(other, attack, site)
        assert all(probes.waited.values())
        failures += [f"{other}: {failure}" for failure in probes.failures]
    ended[name] = await reading
    return failures, ended
