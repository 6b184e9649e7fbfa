"""Health: who is told what, and what a monitoring sees when something goes wrong."""

from datetime import timedelta

import pytest
import redis
from django.db import OperationalError, connection
from django.test import Client

from core import days
from core.db import partitions
from core.jobs import periodic
from core.models import Outgoing, Run
from core.outbox import queue
from core.tasks import note_beat
from customers.models import Changed
from engagement_site.health import machine, probing, schema
from events import rejected
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast

QUEUE = "a queue of the tests"


@pytest.fixture
def health(monitoring_key, monkeypatch):
    """Ask as monitoring does, in an installation where all is well unless a test changes that."""
    monkeypatch.setattr(machine, "QUEUE", QUEUE)  # the Redis of the tests may be somebody else's as well
    monkeypatch.setattr(machine, "measured", lambda _folders: {"/data": machine.Room(10**12, 10**12, True)})
    periodic.mark("beat", now=NOW)
    partitions.ensure(NOW.date())

    def ask():
        response = Client().get("/health/", headers={"Authorization": f"Bearer {monitoring_key}"})
        assert response.status_code == 200
        return response.json()

    return ask


@pytest.fixture
def database_down(db):
    def fail(*_args, **_kwargs):
        raise OperationalError("connection refused")

    with pytest.MonkeyPatch.context() as patch:  # undone before the database's own fixture needs it again
        patch.setattr(connection, "cursor", fail)
        patch.setattr(probing, "database_trouble", lambda: "")  # it fell down in between
        yield


def test_live_asks_no_database():
    response = Client().get("/health/live")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


def test_ready_once_the_database_is_migrated(db, django_assert_num_queries):
    with django_assert_num_queries(2):
        response = Client().get("/health/ready")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_not_ready_while_a_migration_is_missing(db, monkeypatch):
    monkeypatch.setattr(schema, "_brought", lambda: frozenset({("core", "9999_to_come")}))
    response = Client().get("/health/ready")
    assert (response.status_code, response.content) == (503, b"not ready\n")


def test_not_ready_without_a_database(database_down):
    assert Client().get("/health/ready").status_code == 503


def test_nobody_is_known_without_a_database(database_down):
    response = Client().get("/health/", headers={"Authorization": "Bearer rapport_abcdefgh_x"})
    assert (response.status_code, response.json()["status"]) == (503, "down")


def test_all_is_well(health):
    assert health() == {
        "status": "ok",
        "problems": [],
        "oldest_change_seconds": {},
        "other_time_zone": None,
        "last_closed_day": "2026-06-14",
        "days_to_close": 0,
        "close_overdue_seconds": 0.0,
        "beat_age_seconds": 0.0,
        "backup_age_seconds": None,
        "redis_answers": True,
        "queue_length": 0,
        "disk_free_bytes": {"/data": 10**12},
        "disks_full": [],
        "front": None,
        "writes_refused": None,
        "old_transaction": None,
        "lock_holder": None,
        "lock_waiting": 0,
        "lock_wait_seconds": 0.0,
        "runs_waiting": {},
        "runs_failing": {},
        "partitions_missing": 0,
        "default_partition_bytes": health()["default_partition_bytes"],
        "rejected_last_day": 0,
        "stored_last_day": 0,
        "sources_silent": {},
        "mail_overdue_seconds": None,
        "mail_given_up": 0,
        "database_bytes": health()["database_bytes"],
    }
    assert set(health()["default_partition_bytes"]) >= {"events_event", "events_dailycount", "scoring_scorehistory"}
    assert health()["database_bytes"] > 1_000_000


def test_the_questions_are_few(health, django_assert_num_queries):
    health()
    # One finds the key, whose use was noted by the first; eleven begin and end transactions and set their limits.
    with django_assert_num_queries(30):
        health()


def test_a_change_that_waits_for_its_score(health):
    customer = cast.customer("Acme")
    for stage, ages in {"score": (121, 0), "resettle": (122, 3)}.items():
        for seconds in ages:
            Changed.objects.create(customer=customer, stage=stage, at=NOW - timedelta(seconds=seconds))
    assert health()["oldest_change_seconds"] == {"score": 121, "resettle": 122}
    assert health()["problems"] == ["scores_late", "events_unsettled"]


def test_a_day_that_does_not_close(health, at_now):
    Run.objects.all().delete()
    periodic.mark("beat", now=NOW)
    days.ClosedDay.objects.update(day=(NOW - timedelta(days=3)).date())
    assert health()["days_to_close"] == 2
    assert health()["close_overdue_seconds"] == timedelta(hours=36).total_seconds()
    assert health()["problems"] == ["day_not_closed"]


def test_beat_that_fell_silent(health):
    periodic.mark("beat", now=NOW - timedelta(seconds=61))
    assert health()["beat_age_seconds"] == 61
    assert health()["problems"] == ["beat_silent"]


def test_beat_that_was_never_heard(health):
    Run.objects.filter(job="beat").delete()
    assert health()["beat_age_seconds"] is None
    assert health()["problems"] == ["beat_silent"]


def test_the_bell_leaves_a_trace(health):
    Run.objects.filter(job="beat").delete()
    note_beat(added_later=1)
    note_beat()
    assert health()["beat_age_seconds"] == 0
    assert Run.objects.filter(job="beat").count() == 1


def test_a_backup_that_was_not_taken_last_night(health):
    periodic.mark("backup", now=NOW - timedelta(hours=36))
    assert health()["problems"] == []
    periodic.mark("backup", now=NOW - timedelta(hours=36, seconds=1))
    assert health()["backup_age_seconds"] == 36 * 3600 + 1
    assert health()["problems"] == ["backup_old"]


def test_mail_that_does_not_leave_and_mail_that_was_given_up(health):
    queue.put("survey", "1", {}, now=NOW - timedelta(minutes=30, seconds=1))
    queue.put("survey", "2", {}, now=NOW + timedelta(minutes=5))
    assert health()["mail_overdue_seconds"] == 30 * 60 + 1
    assert health()["problems"] == ["mail_late"]
    Outgoing.objects.filter(dedupe_key="1").update(state="dead", finished_at=NOW)
    assert (health()["mail_overdue_seconds"], health()["mail_given_up"]) == (None, 1)
    assert health()["problems"] == []


def test_redis_that_is_gone_is_a_problem_not_the_end(health, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert health()["redis_answers"] is False
    assert health()["queue_length"] is None
    assert health()["problems"] == ["redis_down"]
    assert Client().get("/health/ready").status_code == 200


def test_bells_that_nobody_hears(health, settings):
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.rpush(QUEUE, "ding", "dong")
        try:
            assert health()["queue_length"] == 2
        finally:
            client.delete(QUEUE)


def test_work_that_keeps_failing(health):
    periodic.plan("history", "2026-06-13", range(3))
    Run.objects.filter(job="history", shard=1).update(tries=5)
    assert health()["runs_waiting"] == {"history": 3}
    assert health()["runs_failing"] == {"history": 1}
    assert health()["problems"] == ["runs_failing"]


def test_a_month_without_its_partition(health, settings):
    settings.PARTITION_MONTHS_AHEAD += 1
    assert health()["partitions_missing"] > 0
    assert health()["problems"] == ["partitions_missing"]


def test_rejected_events_of_the_last_day(health, source):
    for hours in (1, 23, 25):
        rejected.keep([rejected.Refused(source.pk, {"hours": hours}, "No name")], now=NOW - timedelta(hours=hours))
    assert health()["rejected_last_day"] == 2
    assert health()["status"] == "ok"


@pytest.mark.parametrize("path", ["/health/", "/metrics"])
def test_a_key_needs_the_scope(begun, at_now, monitoring_key, path):
    from staff import api_keys

    _, other = api_keys.create("Website", ["events:write"], now=NOW)
    for key, status in ((monitoring_key, 200), (other, 401), (monitoring_key + "x", 401), ("", 401)):
        response = Client().get(path, headers={"Authorization": f"Bearer {key}"})
        assert response.status_code == status
        assert response.headers.get("WWW-Authenticate") == (None if status == 200 else "Bearer")
    assert Client().get(f"{path}?key={monitoring_key}").status_code == 401


@pytest.mark.parametrize("path", ["/health/", "/metrics"])
@pytest.mark.parametrize(("role", "status"), [(Role.ADMIN, 200), (Role.LEAD, 403), (Role.CSM, 403), (Role.VIEWER, 403)])
def test_a_key_does_no_more_than_its_colleague(begun, at_now, path, role, status):
    from staff import api_keys

    colleague = cast.colleague("Kim", role)
    _, key = api_keys.create("Monitoring", ["monitoring:read"], now=NOW, colleague=colleague)
    assert Client().get(path, headers={"Authorization": f"Bearer {key}"}).status_code == status
    signed_in = Client()
    signed_in.force_login(colleague)
    assert signed_in.get(path).status_code == status


def test_a_wrong_key_is_refused_to_an_admin_too(begun, at_now):
    admin = Client()
    admin.force_login(cast.colleague("Ada", Role.ADMIN))
    assert admin.get("/health/").status_code == 200
    assert admin.get("/health/", headers={"Authorization": "Bearer wrong"}).status_code == 401
