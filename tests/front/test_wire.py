"""What stands on the wire: odd, half and hostile HTTP, at a server that listens."""

import gzip
import json
import socket
import threading
from base64 import b64encode
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from core.web.bodies import Patience
from events import catalogue, ingest, write_keys
from events.models import Channel, Event
from staff.models import ApiKey

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 60  # seconds
BODY = b'{"type": "track", "userId": "ann", "event": "Report created"}'
SUCCESS = b'{"success": true}'


class Wire:
    """A server and a live key; sends bytes and returns the bytes that come back."""

    def __init__(self, address):
        self.port = urlsplit(address).port
        self.key = write_keys.create("Website", [ApiKey.EVENTS_WRITE], channel=Channel.WEB, now=timezone.now())

    @property
    def basic(self):
        return "Authorization: Basic " + b64encode(f"{self.key}:".encode()).decode()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE)

    def say(self, *parts, hang_up=False):
        """Send the parts, and read until the server closes; hang up behind the last one: send no more, still read."""
        with self.connect() as sock:
            for part in parts:
                sock.sendall(part)
            if hang_up:
                sock.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: sock.recv(65536), b""))

    def ask(self, method, path, *headers, body=b"", host="localhost", version="1.1"):
        """Return the status, the headers and the body."""
        return parted(self.say(head(method, path, "Connection: close", *headers, host=host, version=version) + body))


def head(method, path, *headers, host="localhost", version="1.1"):
    named = [] if host is None else [f"Host: {host}"]
    return "\r\n".join([f"{method} {path} HTTP/{version}", *named, *headers, "", ""]).encode("latin-1")


def parted(answer):
    first, _, body = answer.partition(b"\r\n\r\n")
    return int(first.split(b" ", 2)[1]), first.lower(), body


def length(body):
    return f"Content-Length: {len(body)}"


@pytest.fixture
def wire(served_front):
    catalogue.ensure(timezone.now())
    return Wire(served_front)


def test_requests_sent_before_the_answer_to_the_last_are_answered_in_order(wire):
    track = head("POST", "/v1/track", wire.basic, length(BODY)) + BODY
    answers = wire.say(head("GET", "/health/live") + track * 3 + head("GET", "/x", "Connection: close"))
    statuses = [int(part[:3]) for part in answers.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [200, 200, 200, 200, 404]
    assert answers.count(SUCCESS) == Event.objects.count() == 3


def test_http_1_0_is_answered(wire):
    assert wire.ask("POST", "/v1/track", wire.basic, length(BODY), body=BODY, version="1.0")[::2] == (200, SUCCESS)
    assert wire.ask("GET", "/sign-in/", version="1.0")[0] == 200


def test_a_client_that_waits_to_be_told_to_go_on_is_told(wire):
    with wire.connect() as sock:
        sock.sendall(head("POST", "/v1/track", wire.basic, length(BODY), "Expect: 100-continue", "Connection: close"))
        assert sock.recv(1_000).startswith(b"HTTP/1.1 100 ")
        sock.sendall(BODY)
        assert sock.recv(1_000).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("key", "size", "status"), [("nobody's", 3_000_000, 401), (None, 8_000_000, 413)], ids=["unknown", "too large"]
)
def test_an_answer_before_the_end_of_the_body_is_seen_by_who_still_sends(wire, key, size, status):
    basic = wire.basic if key is None else "Authorization: Basic " + b64encode(f"{key}:".encode()).decode()
    started = head("POST", "/v1/batch", basic, f"Content-Length: {size}", "Connection: close")
    assert parted(wire.say(started, *[bytes(100_000)] * (size // 100_000)))[0] == status


@pytest.mark.parametrize("where", ["body", "nowhere"])
def test_a_wrong_key_is_refused_at_once_when_the_body_has_come(wire, where, monkeypatch):
    """Reading on behind the end of a body waits for the client to hang up: eight seconds once, for each of them."""
    monkeypatch.setattr("events.door.application.PATIENCE", Patience(grace=600, total=600))
    body = json.dumps({"batch": [], "writeKey": "wrong"} if where == "body" else {"batch": []}).encode()
    with wire.connect() as sock:
        sock.sendall(head("POST", "/v1/batch", length(body)) + body)
        assert sock.recv(1_000).startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize(("path", "status"), [("/health/live", 200), ("/sign-in/", 200), ("/v1/track", 405)])
def test_a_head_request_gets_no_body(wire, path, status):
    assert wire.ask("HEAD", path)[::2] == (status, b"")


def test_of_a_length_and_chunks_the_chunks_count_and_the_connection_ends(wire):
    """A proxy before us may have read it the other way: what follows is not taken for a request."""
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
    both = head("POST", "/v1/track", wire.basic, "Content-Length: 5", "Transfer-Encoding: chunked") + body
    answers = wire.say(both + head("POST", "/v1/track", wire.basic, length(BODY)) + BODY)
    assert answers.count(b"HTTP/1.1 ") == 1
    assert Event.objects.count() <= 1


@pytest.mark.parametrize(
    "headers",
    [
        ("Content-Length: 5", "Content-Length: 6"), ("Content-Length: -1",), ("Content-Length: +5",),
        ("Content-Length: 5, 6",), ("Content-Length: x",), ("Transfer-Encoding: gzip",), ("Content-Length: 9" * 40,),
        ("Transfer-Encoding: chunked, gzip",), ("No colon",), (" folded: x",), ("a b: c",), ("X: \0",),
    ],
)  # fmt: skip
def test_what_frames_no_request_is_refused_and_the_connection_ends(wire, headers):
    answer = wire.say(head("POST", "/v1/track", wire.basic, *headers) + BODY)
    assert (parted(answer)[0], answer.count(b"HTTP/1.1 ")) == (400, 1)
    assert not Event.objects.exists()


@pytest.mark.parametrize("raw", [b"\x16\x03\x01\x02\x00\x01", b"\r\n\r\n\0", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"])
def test_what_is_no_http_ends_the_connection(wire, raw):
    assert wire.say(raw, hang_up=True)[:12] in (b"", b"HTTP/1.1 400")


@pytest.mark.parametrize("chunks", [b"zz\r\n", b"5\r\nab", b"-1\r\n", b"ffffffffffffffffff\r\n", b"3\r\nabcd\r\n"])
@pytest.mark.parametrize("path", ["/v1/track", "/sign-in/", "/hooks/surveys/x/"])
def test_chunks_that_are_none_are_refused(wire, chunks, path):
    answer = wire.say(head("POST", path, wire.basic, "Transfer-Encoding: chunked") + chunks, hang_up=True)
    assert parted(answer)[0] == 400
    assert (b"text/html" in answer) is (path == "/sign-in/")


@pytest.mark.parametrize("path", ["/v1/track", "/sign-in/", "/api/v1/customers/"])
def test_a_body_that_breaks_off_is_refused(wire, path):
    answer = parted(wire.say(head("POST", path, wire.basic, length(BODY)) + BODY[:9], hang_up=True))
    assert answer[0] == 400
    assert not Event.objects.exists()


@pytest.mark.parametrize("name", ["x_forwarded_for", "content_length", "authorization_", "_"])
def test_a_header_with_an_underscore_means_nothing(wire, name):
    assert wire.ask("POST", "/v1/track", wire.basic, length(BODY), f"{name}: 1", body=BODY)[::2] == (200, SUCCESS)
    assert wire.ask("GET", "/sign-in/", f"{name}: 1")[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/%ff", "/%00", "//x", "/%2f/x", "/%", "/%zz", "/../v1/track", "/customers/%00/", "/static/%00", "/static/../x",
        "/static/%2e%2e/settings.py", "/%C3%A9", "/" + "a" * 9_000,
        "/v1/track%ff", "/v1/../sign-in/", "//v1/track", "/v1/%00",
    ],
)  # fmt: skip
def test_a_path_that_leads_nowhere_is_not_found(wire, path):
    status, headers, _body = wire.ask("GET", path, "Accept: text/html")
    assert status == 404
    assert (b"application/json" in headers) is ("/v1" in path and not path.startswith("/.."))


@pytest.mark.parametrize(("path", "status"), [("/" + "a" * 70_000, 414), ("/?" + "q" * 70_000, 414), ("/\xe9", 400)])
def test_a_path_that_is_none_is_refused(wire, path, status):
    assert wire.ask("GET", path)[0] == status


def test_headers_beyond_measure_are_refused(wire):
    assert wire.ask("GET", "/sign-in/", *[f"x-{i}: 1" for i in range(200)])[0] == 431
    assert wire.ask("GET", "/sign-in/", "x: " + "y" * 1_000_000)[0] == 431


@pytest.mark.parametrize("host", ["elsewhere.example", "", "a b", "[", "localhost.elsewhere.example", "@localhost"])
def test_a_host_that_is_not_ours_is_refused_in_the_language_of_who_asks(wire, host):
    for path in ("/v1/track", "/api/v1/customers/", "/hooks/surveys/x/", "/mail-events/x/"):
        status, headers, body = wire.ask("POST", path, wire.basic, length(BODY), body=BODY, host=host)
        assert (status, json.loads(body)["code"]) == (400, "unknown_host")
        assert b"content-type: application/json" in headers
    status, headers, _body = wire.ask("GET", "/sign-in/", host=host)
    assert (status, b"content-type: text/html" in headers) == (400, True)
    assert wire.ask("GET", "/health/live", host=host)[0] == 200


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "", "identity", "br"])
def test_a_packed_body_in_chunks_is_stored(wire, encoding):
    packed = gzip.compress(BODY)
    body = b"".join(b"1\r\n%c\r\n" % byte for byte in packed) + b"0\r\n\r\n"
    headers = [wire.basic, "Transfer-Encoding: chunked", *([f"Content-Encoding: {encoding}"] if encoding else [])]
    assert wire.ask("POST", "/v1/track", *headers, body=body)[::2] == (200, SUCCESS)
    assert Event.objects.count() == 1


def test_a_client_that_hangs_up_while_its_commit_waits_takes_nothing_from_others(wire, monkeypatch):
    inside, go, real = threading.Event(), threading.Event(), ingest.store

    def held(*arguments, **options):
        inside.set()
        assert go.wait(PATIENCE)
        return real(*arguments, **options)

    monkeypatch.setattr(ingest, "store", held)
    gone = wire.connect()
    gone.sendall(head("POST", "/v1/track", wire.basic, length(BODY)) + BODY)
    assert inside.wait(PATIENCE)
    gone.close()
    go.set()
    assert wire.ask("POST", "/v1/track", wire.basic, length(BODY), body=BODY)[::2] == (200, SUCCESS)
    assert Event.objects.count() in (1, 2)


def test_a_page_that_fails_outside_of_django_is_an_answer(wire, monkeypatch):
    def broken(*_arguments):
        raise RuntimeError("broken")

    monkeypatch.setattr("django.core.handlers.wsgi.WSGIHandler.get_response", broken)
    status, headers, body = wire.ask("GET", "/sign-in/", "Accept-Language: en")
    assert (status, b"text/html" in headers) == (500, True)
    assert b"Something went wrong on our side" in body
    status, headers, body = wire.ask("GET", "/api/v1/customers/")
    assert (status, json.loads(body)["code"]) == (500, "server_error")
    connection.close()
