"""deploy/nginx.conf and deploy/Caddyfile, really run in front of a server that notes what reaches it."""

import re
import subprocess
import time

import pytest

from imports.reading.limits import MOST_BYTES
from tests.ops.deployed import DEPLOY
from tests.ops.programs import needs
from tests.ops.proxies import PATIENCE, Upstream, running

pytestmark = needs("nginx", "caddy", "openssl")
HALVES = 6
EVENTS, API, FILES = "/v1/batch", "/api/v1/customers/", "/imports/new/"
MEBIBYTE = 1024 * 1024
UNBUFFERED = {
    "nginx": ("proxy_request_buffering on;", "proxy_request_buffering off;"),
    "caddy": ("\t\tbuffer_requests\n\t\tmax_buffer_size 50MiB\n", ""),
}
STRANGER = {
    "nginx": ("allow 127.0.0.1;", "allow 10.0.0.5;"),
    "caddy": ("remote_ip 127.0.0.1 ::1", "remote_ip 10.0.0.5"),
}


@pytest.fixture
def upstream():
    one = Upstream()
    yield one
    one.stop()


@pytest.fixture(params=["nginx", "caddy"])
def name(request):
    return request.param


@pytest.fixture
def proxy(name, tmp_path, upstream):
    with running(name, tmp_path, upstream) as proxy:
        yield proxy


def test_what_a_client_claims_about_itself_ends_here(proxy, upstream):
    forged = {
        "X_Forwarded_For": "1.2.3.4", "X_Forwarded_Proto": "http", "X_Forwarded_Host": "evil.example",
        "X_Request_Id": "forged-by-a-client",
    }  # fmt: skip
    for path in ("/sign-in/", FILES, "/metrics", "/health/"):
        assert proxy.ask("GET", path, **forged).status == 200
    assert [path for path, _ in upstream.heads] == ["/sign-in/", FILES, "/metrics", "/health/"]
    for _, headers in upstream.heads:
        assert headers["x-forwarded-for"] == "127.0.0.1"
        assert headers["x-forwarded-proto"] == "https"
        assert headers["host"] == "rapport.example.com"
        assert not headers.get("x-forwarded-host")
        assert re.fullmatch(r"[A-Za-z0-9._-]{8,64}", headers["x-request-id"])
        assert headers["x-request-id"] != "forged-by-a-client"


@pytest.mark.parametrize(
    "path", ["/v1/track", "/api/v1/customers/", "/hooks/surveys/x/", "/mail-events/postmark/", "/metrics"]
)
def test_a_program_that_sends_its_key_in_the_clear_is_refused(proxy, upstream, path):
    for method, body in (("GET", None), ("POST", b"{}")):
        answer = proxy.ask(method, path, body, tls=False, Authorization="Bearer key")
        assert answer.status == 403
        assert answer.headers["Location"] is None
    assert upstream.heads == []


def test_a_browser_is_led_to_https(proxy, upstream):
    answer = proxy.ask("GET", "/customers/?page=2", tls=False)
    assert answer.status == 301
    assert answer.headers["Location"] == "https://rapport.example.com/customers/?page=2"
    assert upstream.heads == []


def test_bodies_that_are_sent_by_halves_do_not_reach_rapport_and_a_page_is_answered(proxy, upstream):
    halves = [proxy.half(path) for path in (EVENTS, API, FILES) * (HALVES // 3)]
    try:
        assert proxy.ask("GET", "/sign-in/").status == 200
        assert proxy.ask("POST", EVENTS, b"{}").status == 200
        time.sleep(0.5)  # for one that came late
        assert [path for path, _ in upstream.heads] == ["/sign-in/", EVENTS]
    finally:
        for half in halves:
            half.close()


def test_without_buffering_they_would(name, tmp_path, upstream):
    with running(name, tmp_path, upstream, UNBUFFERED[name]) as proxy:
        halves = [proxy.half(EVENTS) for _ in range(HALVES)]
        give_up_at = time.monotonic() + PATIENCE
        while len(upstream.heads) < HALVES:
            assert time.monotonic() < give_up_at
            time.sleep(0.05)
        for half in halves:
            half.close()


def test_nginx_cuts_off_who_does_not_go_on_sending(tmp_path, upstream):
    with running("nginx", tmp_path, upstream, ("client_body_timeout 30s;", "client_body_timeout 1s;")) as proxy:
        half = proxy.half(EVENTS)
        assert half.recv(1000) == b""
        half.close()
    assert upstream.heads == []


def test_a_sender_that_goes_away_half_way_was_never_there(proxy, upstream):
    for _ in range(HALVES):
        proxy.half(EVENTS).close()
    chunked = proxy.wrapped()
    head = b"POST /v1/batch HTTP/1.1\r\nHost: rapport.example.com\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunked.sendall(head + b"5\r\nhello\r\n")
    chunked.close()
    assert proxy.ask("GET", "/sign-in/").status == 200
    time.sleep(0.5)  # for one that came late
    assert [path for path, _ in upstream.heads] == ["/sign-in/"]


def test_a_body_in_chunks_arrives_whole(proxy, upstream):
    assert proxy.ask("POST", EVENTS, iter([b"hello", b"x" * 100_000])).status == 200
    assert upstream.bodies == [(EVENTS, 100_005)]


@pytest.mark.parametrize("path", [EVENTS, API, "/surveys/new/"])
def test_a_body_above_six_megabytes_is_refused(proxy, upstream, path):
    assert proxy.ask("POST", path, b"x" * (5 * MEBIBYTE)).status == 200
    assert proxy.ask("POST", path, b"x" * (6 * MEBIBYTE + 1)).status == 413
    assert upstream.bodies == [(path, 5 * MEBIBYTE)]


def test_a_body_that_hides_its_size_is_not_passed_on_either(proxy, upstream):
    megabyte = b"x" * MEBIBYTE
    assert proxy.ask("POST", EVENTS, (megabyte for _ in range(7))).status == 413
    assert upstream.bodies == []


def test_a_file_may_weigh_what_an_import_takes_and_no_more(proxy, upstream):
    form_around_the_file = 100_000
    assert proxy.ask("POST", FILES, b"x" * (MOST_BYTES + form_around_the_file)).status == 200
    assert proxy.ask("POST", FILES, b"x" * (50 * MEBIBYTE + 1)).status == 413
    assert upstream.bodies == [(FILES, MOST_BYTES + form_around_the_file)]


def test_only_machines_that_are_named_see_figures(name, tmp_path, upstream):
    with running(name, tmp_path, upstream, STRANGER[name]) as proxy:
        if name == "nginx":
            assert "allow ::1;" in (DEPLOY / "nginx.conf").read_text()
        assert [proxy.ask("GET", path).status for path in ("/metrics", "/health/")] == [403, 403]
        assert [proxy.ask("GET", path).status for path in ("/health/live", "/health/ready", "/")] == [200, 200, 200]


def test_no_log_holds_a_query_or_a_public_link(proxy, tmp_path):
    proxy.ask("GET", "/v1/track?writeKey=hunter2")
    proxy.ask("GET", "/a/Zq3xW9cV7bN1mK5jH8gF2dS6/?token=hunter2")
    written = "".join(path.read_text() for path in tmp_path.iterdir() if path.is_file() and "log" in path.name)
    assert "hunter2" not in written and "Zq3xW9cV7bN1mK5jH8gF2dS6" not in written


def test_caddy_finds_its_file_as_it_would_write_it():
    """Nothing to say about its form, either."""
    done = subprocess.run(
        ["caddy", "validate", "--config", DEPLOY / "Caddyfile", "--adapter", "caddyfile"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "not formatted" not in done.stderr
