"""A host name out of what people and programs write as a website."""

import pytest

from core.names import hosts


@pytest.mark.parametrize(
    "text",
    [
        "nine.example", "https://www.nine.example/x", "HTTP://Nine.Example:8080/?q=1#top", "www.nine.example",
        "nine.example.", " nine.example/about us", "https://ann:secret@nine.example", "ni\u200bne.example",
    ],
)  # fmt: skip
def test_a_website_becomes_its_host_name(text):
    assert hosts.host(text) == "nine.example"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("shop.nine.example", "shop.nine.example"),
        ("https://münchen.example/", "münchen.example"),
        ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
        ("www.example", "example.none"),
    ],
)
def test_parts_of_a_name_and_letters_of_any_script_stay(text, name):
    assert hosts.host(text) == (None if name == "example.none" else name)


@pytest.mark.parametrize(
    "text",
    [
        "", "nine", "Nine Ltd", "n/a", "mailto:ann@nine.example", "ftp://nine.example", "10.0.0.1", "https://",
        "http://[::1", "nine..example", "-nine.example", "nine_.example", "a" * 64 + ".example",
        ".".join(["a" * 60] * 5), "javascript:alert(1)//nine.example",
    ],
)  # fmt: skip
def test_what_names_no_host_is_none(text):
    assert hosts.host(text) is None
