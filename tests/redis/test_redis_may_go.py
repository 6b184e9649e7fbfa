"""Redis is a doorbell: while it is gone everything goes on, and once it is back scores catch up by themselves."""

import re
import time

import pytest
import redis

from tests.redis.person import Person, send

MOST = 60  # seconds until a score must show, on a slow machine; measured: 1 to 5
STORED = b'{"success": true}'
JOINED = {"type": "group", "userId": "ann", "groupId": "acme", "traits": {"name": "Acme"}}


def did(event, number):
    return {"type": "track", "userId": "ann", "event": event, "messageId": f"{event} {number}"}


def start(installation, bell):
    """Return the address of a running Rapport, how the first admin signs in, and a write key."""
    _, said = installation.run(patience=600, REDIS_URL=bell.url)
    address = said[-3].removeprefix("Rapport is running at ")
    email, password = said[-2].removeprefix("Sign in: ").split(" / ")
    made = installation.finish("manage.py", "create_api_key", "App", "--scope", "events:write", REDIS_URL=bell.url)
    return address, (email, password), made.stdout.strip()


@pytest.fixture
def running(installation, bell):
    return start(installation, bell)


def engagement(person):
    """Return Acme's score as the list of customers shows it, 0 while there is none."""
    row = re.search(r">Acme</bdi>.*?</tr>", person.open("customers/"))[0]
    shown = re.search(r'data-label="Engagement">.*?class="score-points">(\d+)<', row)
    return int(shown[1]) if shown else 0


def reaches_within(seconds, person, points):
    """Not the very number: at midnight what was done before is a day older."""
    give_up_at = time.monotonic() + seconds
    while engagement(person) < points:
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.5)
    return True


def everything_goes_on(address, sign_in, key, round_):
    person = Person(address)
    assert "Sign out" in person.sign_in(*sign_in)
    for path in ("", "at-risk/", "customers/", "admin/"):
        person.open(path)
    # Of two types: the timeline would say two of one type in one line.
    assert send(address, key, did(("Report created", "Teammate invited")[round_ - 1], round_)) == STORED


def test_a_redis_that_stops_in_the_middle_stops_nothing_and_scores_catch_up_when_it_is_back(running, bell):
    address, sign_in, key = running
    person = Person(address)
    person.sign_in(*sign_in)
    assert send(address, key, JOINED, did("Training attended", 1)) == STORED
    assert reaches_within(MOST, person, 9)

    bell.kill()
    for round_ in (1, 2):
        everything_goes_on(address, sign_in, key, round_)
        time.sleep(5)  # so that worker and schedule have noticed, and tried in vain
    assert engagement(person) < 13
    profile = re.search(r'href="/(customers/\d+/)"', person.open("customers/"))[1]
    assert person.open(f"{profile}timeline/").count('<li class="event">') == 3

    bell.start()
    assert reaches_within(MOST, person, 16)


def test_a_redis_that_is_emptied_loses_nothing(running, bell):
    address, sign_in, key = running
    person = Person(address)
    person.sign_in(*sign_in)
    with redis.Redis.from_url(bell.url) as client:
        client.flushall()
        assert send(address, key, JOINED, did("Training attended", 1)) == STORED
        client.flushall()
    assert reaches_within(MOST, person, 9)


def test_a_redis_that_comes_late_is_waited_for(installation, bell):
    bell.kill()
    address, sign_in, key = start(installation, bell)
    assert send(address, key, JOINED) == STORED
    everything_goes_on(address, sign_in, key, 1)
    bell.start()
    person = Person(address)
    person.sign_in(*sign_in)
    assert reaches_within(MOST, person, 1)
