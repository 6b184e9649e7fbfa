"""Keys that do not exist: seen in the log when many come, by a line a minute."""

import logging
from datetime import timedelta

import pytest
from django.test import Client

from staff import api_keys, wrong_keys
from tests.conftest import NOW


@pytest.fixture(autouse=True)
def _none_before(monkeypatch):
    monkeypatch.setattr(wrong_keys, "_counts", {})


def tried(scope, times, now):
    for _ in range(times):
        assert api_keys.find("rapport_abcdefgh_wrong", scope, now=now) is None


def test_many_within_a_minute_are_one_line_and_few_are_none(db, caplog):
    minute = NOW.replace(second=0)
    with caplog.at_level(logging.WARNING, "staff.wrong_keys"):
        tried("events:write", 9, minute)
        tried("events:write", 9, minute + timedelta(minutes=1))
        assert caplog.messages == []
        tried("events:write", 30, minute + timedelta(minutes=2))
        assert len(caplog.messages) == 1
        tried("monitoring:read", 10, minute + timedelta(minutes=2))
        tried("events:write", 10, minute + timedelta(minutes=3))
    assert ["monitoring:read" in line for line in caplog.messages] == [False, True, False]


def test_a_key_that_works_is_not_counted(db, caplog):
    _row, key = api_keys.create("Monitoring", ["monitoring:read"], now=NOW)
    for _ in range(20):
        assert api_keys.find(key, "monitoring:read", now=NOW)
    assert wrong_keys._counts == {}


def test_ingestion_and_monitoring_count_theirs(begun):
    for path in ("/metrics", "/health/"):
        Client().get(path, headers={"Authorization": "Bearer wrong_key"})
    assert {scope: count for scope, (_minute, count) in wrong_keys._counts.items()} == {"monitoring:read": 2}
