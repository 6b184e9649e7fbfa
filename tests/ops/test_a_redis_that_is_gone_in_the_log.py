"""A Redis that is down is one line a minute in the log of beat and worker, without a traceback."""

import logging
import sys

import pytest
import redis

from engagement_site.logs.lines import RedisIsGone


def refusal(why):
    """Return what beat logs when it could not ring: the error in the arguments, its traceback beside it."""
    try:
        raise why
    except type(why):
        return logging.LogRecord("celery.beat", logging.ERROR, "", 0, "Message Error: %s", (why,), sys.exc_info())


@pytest.fixture
def clock(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("engagement_site.logs.lines.time.monotonic", lambda: now[0])
    return now


def test_it_is_said_once_a_minute_in_one_line(clock):
    sparing, gone = RedisIsGone(), redis.ConnectionError("refused")
    said = []
    for clock[0] in (1000, 1002, 1059, 1060, 1100):
        record = refusal(gone)
        if sparing.filter(record):
            said.append((clock[0], record.getMessage(), record.exc_info))
    line = "Redis does not answer (refused); tried again every few seconds, logged once a minute"
    assert said == [(1000, line, None), (1060, line, None)]


def test_any_other_failure_is_said_each_time_with_its_traceback(clock):
    sparing = RedisIsGone()
    for _again in range(2):
        record = refusal(ValueError("no such day"))
        assert sparing.filter(record)
        assert record.exc_info and record.getMessage() == "Message Error: no such day"
