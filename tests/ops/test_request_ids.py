"""One id follows a request: into the answer, its log lines, and the page that says it failed."""

import logging
import re

import pytest
from django.contrib.auth.decorators import login_not_required
from django.test import Client, override_settings
from django.urls import path

from engagement_site.logs import ids
from engagement_site.urls import urlpatterns as ours
from tests.front import ask

logger = logging.getLogger("somewhere.inside")
handler500 = ids.server_error


@login_not_required
def fail(request):
    logger.warning("About to fail")
    raise RuntimeError("No such luck")


urlpatterns = [*ours, path("fail/", fail)]


def test_an_id_is_made_for_each_request():
    ids = [Client().get("/health/live")["X-Request-Id"] for _ in range(2)]
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in ids)
    assert ids[0] != ids[1]


@pytest.mark.parametrize("given", ["0123abcd", "req-2026.06_15", "a" * 64])
def test_the_id_the_proxy_gave_is_kept(given):
    assert Client().get("/health/live", headers={"X-Request-Id": given})["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["short", "a" * 65, "with space", 'a"},{"level"', "a\tb12345678", "été-été-été", ""])
def test_an_id_that_is_none_is_replaced(given):
    assert Client().get("/health/live", headers={"X-Request-Id": given})["X-Request-Id"] != given


@override_settings(ROOT_URLCONF=__name__)
def test_every_line_of_a_request_carries_its_id_and_so_does_the_page_that_says_it_failed(log):
    response = Client(raise_request_exception=False).get("/fail/", headers={"X-Request-Id": "night-call"})
    assert response.status_code == 500
    assert "<code>night-call</code>" in response.content.decode()
    said = [(line["logger"], line["request_id"]) for line in log.lines if line["logger"] != "asyncio"]
    assert said == [(name, "night-call") for name in ("somewhere.inside", "django.request", "engagement_site.requests")]
    assert "RuntimeError: No such luck" in log.lines[1]["exception"]


def test_events_that_are_refused_carry_the_id(log, db):
    refused = ask("GET", "/v1/track", **{"X-Request-Id": "night-call"})
    assert (refused.status_code, refused["X-Request-Id"]) == (405, "night-call")
    said = [line for line in log.lines if line["logger"] == "engagement_site.requests"]
    assert [line["request_id"] for line in said] == ["night-call"]
    assert len(ask("GET", "/v1/nothing")["X-Request-Id"]) == 32


def test_what_is_refused_carries_the_id_too(log):
    Client().post("/health/live", headers={"X-Request-Id": "night-call"})
    refused = next(line for line in log.lines if line["logger"] == "django.request")
    assert (refused["message"], refused["request_id"]) == ("Method Not Allowed (POST): /health/live", "night-call")


def test_a_request_is_one_line_that_a_machine_can_sort(log):
    Client().get("/health/live")
    (line,) = log.lines
    assert line["view"] == "health:live"
    assert (line["method"], line["path"], line["status"], line["level"]) == ("GET", "/health/live", 200, "INFO")
    assert line["milliseconds"] >= 0
    assert line["time"].endswith("+00:00")


def test_after_a_request_lines_are_about_nothing(log):
    Client().get("/health/live")
    logger.warning("Alone")
    assert "request_id" not in log.lines[-1]


def test_an_extra_of_someone_else_stays_out(log):
    logger.warning("Hello", extra={"data": {"args": "secret"}, "details": {"kept": 1}})
    assert log.lines[0]["kept"] == 1
    assert "secret" not in log.text
