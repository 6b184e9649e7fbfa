"""What is answered where Django cannot: JSON to programs, a page to people, and when to come again."""

import asyncio
import json

import pytest

from core.web.bodies import Crowded, Gone, TooLarge, TooSlow
from engagement_site.front.application import Front


def answered(error, path="/customers/", *headers, begun=False):
    async def behind(_scope, _receive, send):
        if begun:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise error

    async def send(message):
        told.append(message)

    told = []
    scope = {"type": "http", "method": "GET", "path": path, "headers": list(headers), "client": ("127.0.0.1", "1")}
    front = Front(None, behind, behind, hosts=lambda: ["*"], count=lambda *_: None)
    asyncio.run(front({**scope, "headers": [(b"host", b"here"), *headers]}, None, send))
    return told


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Crowded(), 503, "try_again"), (TooLarge(), 413, "too_large"), (TooSlow(), 408, "too_slow"),
        (Gone(), 400, "invalid_body"), (RuntimeError("broken"), 500, "server_error"),
    ],
)  # fmt: skip
def test_programs_read_json_and_people_a_page(error, status, code):
    for path in ("/api/v1/customers/", "/hooks/surveys/x/", "/mail-events/x/", "/metrics", "/health/ready"):
        started, body = answered(error, path)
        assert started["status"] == status
        assert json.loads(body["body"])["code"] == code
    started, body = answered(error)
    assert started["status"] == status
    assert b"<h1>" in body["body"]
    assert dict(started["headers"])[b"content-length"] == str(len(body["body"])).encode()


def test_who_is_told_that_we_are_busy_is_told_when_to_come_again():
    for path in ("/api/v1/customers/", "/customers/"):
        started, _body = answered(Crowded(), path)
        assert dict(started["headers"])[b"retry-after"] == b"5"


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ([], b'lang="en"'),
        ([(b"accept-language", b"fr-CA,fr;q=0.9")], b'lang="fr"'),
        ([(b"accept-language", b"fr"), (b"cookie", b"a=b; django_language=ru")], b'lang="ru"'),
        ([(b"accept-language", b"\xff;q=\xff"), (b"cookie", b"django_language=xx; \xff")], b'lang="en"'),
    ],
)
def test_a_page_speaks_the_language_of_who_asks(headers, language):
    assert language in answered(Crowded(), "/customers/", *headers)[1]["body"]


def test_an_answer_that_has_begun_is_cut_off_and_not_begun_again():
    for error in (TooSlow(), RuntimeError("broken")):
        assert [message["type"] for message in answered(error, begun=True)] == ["http.response.start"]
