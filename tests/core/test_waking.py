"""Waking: bells that reach a list in Redis, and never hold up or fail whoever rings."""

import time

import pytest
import redis
from django.db import transaction

from core.jobs import waking
from customers import change_feed
from engagement_site.embedded import valkey
from engagement_site.running.ringing import Rings, heard

PATIENCE = 30  # seconds, for what takes a fraction of one
BELLS = "bells of the tests"


@pytest.fixture
def bells(settings, monkeypatch):
    """A list of its own in the Redis of the tests, and a process that rings."""
    settings.WAKES_WORKERS = True
    monkeypatch.setattr(waking, "BELLS", BELLS)
    monkeypatch.setattr(waking, "_one", None)
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.delete(BELLS)
        yield client
        client.delete(BELLS)


def rung(client, count):
    """Wait until so many have rung; return their names."""
    give_up_at = time.monotonic() + PATIENCE
    while client.llen(BELLS) < count:
        assert time.monotonic() < give_up_at
        time.sleep(0.01)
    return [name.decode() for name in client.lrange(BELLS, 0, -1)]


def test_a_bell_rings_with_the_names_of_tasks(bells):
    waking.wake("a.task", "b.task")
    assert sorted(rung(bells, 2)) == ["a.task", "b.task"]


def test_many_bells_at_once_are_few(bells):
    for _ in range(500):
        waking.wake("a.task")
    assert set(rung(bells, 1)) == {"a.task"}
    assert bells.llen(BELLS) < 10


def test_nobody_waits_for_a_redis_that_is_gone_and_it_is_rung_once_it_is_back(bells, settings, monkeypatch):
    monkeypatch.setattr(waking, "PAUSE", 0.05)
    there, settings.REDIS_URL = settings.REDIS_URL, f"redis://127.0.0.1:{valkey.free_port()}/0"
    waking.wake("a.task")
    gone = waking._one
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        assert not gone._rings(client)
    assert gone._names == {"a.task"}
    with redis.Redis.from_url(there) as client:
        assert gone._rings(client)
    assert rung(bells, 1) == ["a.task"]


def test_a_change_rings_after_its_commit_and_not_when_it_is_undone(
    bells, db, settings, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        try:
            with transaction.atomic():
                waking.after_commit("never.task")
                raise KeyError
        except KeyError:
            pass
        change_feed._wake(change_feed.SCORE, "a stage without a task")
        assert bells.llen(BELLS) == 0
    assert len(callbacks) == 1
    assert rung(bells, 1) == ["scoring.tasks.score_changed"]


def test_the_listener_hears_all_that_rang(bells, monkeypatch):
    monkeypatch.setattr("engagement_site.running.ringing.BELLS", BELLS)
    assert heard(bells, 0.01) == set()
    bells.rpush(BELLS, "a.task", "b.task", "a.task")
    assert heard(bells, 1.0) == {"a.task", "b.task"}
    assert bells.llen(BELLS) == 0


def test_each_task_is_rung_for_in_its_time_and_sooner_when_asked_for():
    rings = Rings({"often": 10.0, "seldom": 100.0}, now=0.0)
    assert list(rings.due(0.0)) == ["often", "seldom"]
    assert list(rings.due(9.0)) == []
    assert rings.wait(9.0) == 1.0
    assert list(rings.due(10.0)) == ["often"]
    rings.ask("seldom", 12.0)
    rings.ask("nobody knows it", 12.0)
    assert list(rings.due(12.0)) == ["seldom"]
    rings.ask("seldom", 12.1)
    assert list(rings.due(12.1)) == []  # not twice within half a second
    assert list(rings.due(12.5)) == ["seldom"]
