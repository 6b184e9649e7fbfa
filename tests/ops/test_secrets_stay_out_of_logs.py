"""Keys and tokens are in no log line, wherever they were sent."""

import json
import logging

import pytest
from django.test import Client

from engagement_site.logs.lines import Plain, redacted
from events import write_keys
from events.models import Channel
from staff.models import ApiKey
from tests.conftest import NOW
from tests.events.conftest import basic
from tests.events.test_door import TRACK
from tests.front import ask

TOKEN = "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA"


@pytest.fixture
def key(begun, at_now):
    return write_keys.create("Website", [ApiKey.EVENTS_WRITE], channel=Channel.WEB, now=NOW)


def secret(key):
    return key.rpartition("_")[2]


@pytest.mark.parametrize("path", ["/customers/", "/admin/", "/health/", "/metrics"])
@pytest.mark.parametrize("live", [True, False])
def test_a_key_in_header_body_and_query_is_in_no_line(log, key, path, live):
    key = key if live else key[:-1] + ("a" if key[-1] != "a" else "b")
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    body = {"batch": [{**TRACK, "writeKey": key}], "writeKey": key}
    for authorization in (basic(key), f"Bearer {key}", key):
        for method in (client.get, client.post):
            method(
                f"{path}?writeKey={key}",
                body if method == client.get else str(body),
                content_type="application/json",
                headers={"Authorization": authorization, "Referer": f"https://testserver/x?key={key}"},
            )
    assert log.lines
    assert secret(key) not in log.text
    assert basic(key).partition(" ")[2] not in log.text


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/nothing"])
@pytest.mark.parametrize("live", [True, False])
def test_a_key_sent_with_events_is_in_no_line(log, key, path, live):
    key = key if live else key[:-1] + ("a" if key[-1] != "a" else "b")
    body = json.dumps({"batch": [{**TRACK, "writeKey": key}], "writeKey": key}).encode()
    for authorization in (basic(key), f"Bearer {key}", key):
        for method in ("GET", "POST"):
            ask(method, f"{path}?writeKey={key}", body, Authorization=authorization, Referer=f"https://x/?key={key}")
    assert log.lines
    assert secret(key) not in log.text
    assert basic(key).partition(" ")[2] not in log.text


@pytest.mark.parametrize("method", ["get", "post", "put"])
def test_a_token_in_a_path_is_in_no_line(log, db, method):
    getattr(Client(enforce_csrf_checks=True), method)(f"/s/{TOKEN}/answer/?score=9")
    assert "/s/…/answer/" in log.text
    assert TOKEN not in log.text


def test_the_address_of_a_calendar_is_in_no_line(log, db):
    Client().get(f"/calendar/{TOKEN}.ics")
    assert "/calendar/….ics" in log.text
    assert TOKEN not in log.text


def test_an_error_that_quotes_a_key_is_logged_without_it(log):
    key = "rapport_abcdefgh_" + "S3cret" * 6
    try:
        raise ValueError(f"Key (public_part)=({key}) exists; postgres://me:hunter2hunter2@db/x did not help")
    except ValueError:
        logging.getLogger("anywhere").exception("Could not use %s", key)
    assert "rapport_abcdefgh_…" in log.lines[0]["exception"]
    assert "S3cret" not in log.text
    assert "hunter2" not in log.text


def test_plain_lines_hide_them_too():
    record = logging.LogRecord("x", logging.INFO, "f", 1, "GET /s/%s?score=9", (TOKEN,), None)
    assert Plain().format(record).endswith("INFO x: GET /s/…?…")


@pytest.mark.parametrize(
    "harmless",
    [
        "Not Found: /customers/123/",
        'File "/app/engagement_site/logs/lines.py", line 7, in redacted',
        "Is this all? Yes, 20 of 20.",
        "PostgreSQL ended; its log: /var/lib/rapport/logs/postgresql.log",
    ],
)
def test_what_is_no_secret_stays_readable(harmless):
    assert redacted(harmless) == harmless
