"""So many requests a minute for each asker, said in headers; without Redis, no limit rather than no service."""

import redis

from core.web import rate_limits


def test_every_answer_says_what_is_left(api):
    first, second = api.get("me/"), api.get("me/")
    assert first["RateLimit-Limit"] == "600"
    assert int(first["RateLimit-Remaining"]) - int(second["RateLimit-Remaining"]) == 1
    assert first["RateLimit-Reset"] == "60"  # NOW is the first second of a minute


def test_one_too_many_has_to_wait_and_nobody_else(make_key, settings):
    settings.API_REQUESTS_PER_MINUTE = 2
    busy, other = make_key(), make_key()
    assert [busy.get("me/").status_code for _ in range(3)] == [200, 200, 429]
    refused = busy.get("me/")
    assert refused.json()["code"] == "too_many_requests"
    assert (refused["Retry-After"], refused["RateLimit-Remaining"]) == ("60", "0")
    assert other.get("me/").status_code == 200


def test_without_redis_requests_go_on(api, monkeypatch):
    dead = redis.Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.1)
    monkeypatch.setattr(rate_limits, "_redis", lambda: dead)
    answer = api.get("me/")
    assert answer.status_code == 200
    assert "RateLimit-Limit" not in answer
