"""Compressed bodies: recognised by their first bytes, inflated within bounds."""

import gzip
import json
import time
import zlib

import pytest

from events.models import Event
from tests.events.test_door import TRACK, refused

ONE = json.dumps({"batch": [TRACK]}).encode()


@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded", "text/plain"])
@pytest.mark.parametrize("headers", [{}, {"Content-Encoding": "gzip"}, {"Content-Encoding": "GZIP"}])
def test_gzip_is_recognised_whatever_the_headers_say(door, content_type, headers):
    assert door.post("/v1/batch", gzip.compress(ONE), content_type, **headers).status_code == 200
    assert Event.objects.count() == 1


def test_a_body_in_several_members_is_one_body(door):
    parts = gzip.compress(ONE[:9]) + gzip.compress(b"") + gzip.compress(ONE[9:])
    assert door.post("/v1/batch", parts).status_code == 200
    assert Event.objects.count() == 1


@pytest.mark.parametrize("zeros", [1, 512, 100_000])
def test_zeros_after_it_are_padding(door, zeros):
    assert door.post("/v1/batch", gzip.compress(ONE) + bytes(zeros)).status_code == 200
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(gzip.compress(ONE)[:-1], id="truncated"),
        pytest.param(gzip.compress(ONE)[:12], id="cut after the header"),
        pytest.param(gzip.compress(ONE)[:-8] + b"\0" * 8, id="wrong checksum"),
        pytest.param(gzip.compress(ONE) + b"rest", id="something after it"),
        pytest.param(gzip.compress(ONE) + b"\0\0rest", id="something after padding"),
        pytest.param(gzip.compress(ONE) + b"\0" + gzip.compress(b" "), id="another one after padding"),
        pytest.param(b"\x1f\x8b", id="two bytes"),
        pytest.param(b"\x1f\x8b no gzip at all", id="fake"),
    ],
)
def test_bytes_that_are_no_gzip_are_refused(door, body):
    assert refused(door.post("/v1/batch", body), 400, "invalid_gzip")


def test_a_header_that_promises_gzip_without_any_is_refused(door):
    assert refused(door.post("/v1/batch", ONE, **{"Content-Encoding": "gzip"}), 400, "invalid_gzip")
    assert door.post("/v1/batch", b"", **{"Content-Encoding": "gzip"}).status_code == 400


@pytest.mark.parametrize("members", [1, 3])
def test_a_bomb_is_not_inflated_beyond_ten_megabytes(door, members):
    bomb = gzip.compress(bytes(50_000_000 // members)) * members
    assert len(bomb) < 60_000
    assert refused(door.post("/v1/batch", bomb), 413, "too_large")


def test_exactly_ten_megabytes_are_taken(door):
    most = 10 * 1024 * 1024
    assert door.post("/v1/batch", gzip.compress(ONE.ljust(most))).status_code == 200
    assert door.post("/v1/batch", gzip.compress(ONE.ljust(most + 1))).status_code == 413


def test_a_body_of_countless_members_costs_nothing(door):
    """Each member costs a copy of what is left: five megabytes of empty ones took minutes."""
    members = gzip.compress(b"") * 200_000
    began = time.process_time()
    assert refused(door.post("/v1/batch", members), 400, "invalid_gzip")
    assert time.process_time() - began < 2


def test_other_compressions_are_no_json(door):
    assert refused(door.post("/v1/batch", zlib.compress(ONE)), 400, "invalid_json")
