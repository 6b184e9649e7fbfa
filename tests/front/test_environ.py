"""What Django is told of a request: headers and paths as WSGI has them."""

import io

import pytest

from engagement_site.front.behind import environ
from tests.front.scopes import scope


def made(headers, **more):
    return environ(scope(headers=headers, **more), io.BytesIO(), 7)


def test_headers_come_as_wsgi_has_them():
    environ = made([(b"x-one", b"1"), (b"content-type", b"a/b"), (b"accept", b"a"), (b"accept", b"b")])
    assert (environ["HTTP_X_ONE"], environ["CONTENT_TYPE"], environ["HTTP_ACCEPT"]) == ("1", "a/b", "a,b")


def test_cookies_given_twice_are_one_list_of_cookies():
    assert made([(b"cookie", b"a=1"), (b"cookie", b"b=2")])["HTTP_COOKIE"] == "a=1; b=2"


@pytest.mark.parametrize("name", [b"x_forwarded_for", b"x-forwarded_proto", b"content_length", b"remote_addr"])
def test_a_name_with_an_underscore_is_dropped(name):
    environ = made([(name, b"9")])
    assert set(environ) == set(made([]))
    assert "9" not in environ.values()


def test_the_length_is_that_of_what_arrived():
    environ = made([(b"content-length", b"999"), (b"transfer-encoding", b"chunked")])
    assert environ["CONTENT_LENGTH"] == "7"
    assert "HTTP_CONTENT_LENGTH" not in environ
    assert "HTTP_TRANSFER_ENCODING" not in environ


@pytest.mark.parametrize(
    ("raw", "path"), [(b"/a%20b", "/a b"), (b"/%ff", "/\xff"), (b"/%00", "/\0"), (b"/%", "/%"), (b"/%C3%A9", "/Ã©")]
)
def test_the_path_is_what_its_bytes_say(raw, path):
    assert environ(scope(raw_path=raw), io.BytesIO(), 0)["PATH_INFO"] == path
