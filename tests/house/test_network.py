"""Tests have no network: whoever asks for it fails, whatever is caught on the way."""

import contextlib
import socket
import threading

import pytest

from tests import network

ELSEWHERE = "192.0.2.1"  # an address kept for examples: it belongs to no machine


@pytest.fixture
def refused():
    """Expect refusals, and forget them, so that the test itself does not fail of them."""
    assert network.tried == []
    yield network.tried
    network.tried.clear()


def open_one(family, kind, act):
    with socket.socket(family, kind) as one:
        act(one)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: socket.create_connection((ELSEWHERE, 80), timeout=1),
        lambda: socket.create_connection(("rapport.example", 80), timeout=1),
        lambda: socket.getaddrinfo("rapport.example", 80),
        lambda: open_one(socket.AF_INET, socket.SOCK_STREAM, lambda one: one.connect((ELSEWHERE, 80))),
        lambda: open_one(socket.AF_INET, socket.SOCK_STREAM, lambda one: one.connect_ex((ELSEWHERE, 80))),
        lambda: open_one(socket.AF_INET6, socket.SOCK_STREAM, lambda one: one.connect(("2001:db8::1", 80))),
        lambda: open_one(socket.AF_INET, socket.SOCK_DGRAM, lambda one: one.sendto(b"x", (ELSEWHERE, 53))),
    ],
)
def test_no_other_machine_can_be_reached(refused, ask):
    with pytest.raises(network.Refused):
        ask()
    assert len(refused) == 1


def test_what_was_caught_fails_its_test_all_the_same(refused):
    with contextlib.suppress(Exception):
        socket.create_connection((ELSEWHERE, 80), timeout=1)
    with pytest.raises(pytest.fail.Exception, match=ELSEWHERE):
        network.fail_if_tried()


def test_this_machine_can_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=lambda: server.accept()[0].close(), daemon=True).start()
        with socket.create_connection(server.getsockname(), timeout=5) as connection:
            assert connection.recv(1) == b""
