"""Every page is valid HTML: the parser of the standard has nothing to correct, and no id stands twice."""

import re
from collections import Counter

import html5lib
import pytest

from tests.access.visits import visits

QUESTIONS = [
    "/customers/?q=o&health=red",
    "/customers/?renews_within=90&tag=x",
    "/customers/?heath=red",
    "/search/?q=own",
    "/at-risk/?owner=none",
]


@pytest.mark.parametrize("role", ["admin", "viewer", "limited", "nobody"])
def test_every_page_is_valid_html(browser, examples, role):
    someone = browser(role)
    wrong = []
    for path in [path for _name, path in visits(examples) if not path.startswith("/admin/")] + QUESTIONS:
        response = someone.get(path)
        if response["Content-Type"].startswith("text/html") and not response.streaming:
            wrong += [f"{path}: {what}" for what in complaints(response.content.decode())]
    assert not wrong, "\n".join(wrong)


def complaints(text):
    if not text:
        return []
    parser = html5lib.HTMLParser()
    parser.parse(text)
    ids = Counter(re.findall(r'\sid="([^"]*)"', text))
    return [
        *(f"line {line[0]}: {code} {about}" for line, code, about in parser.errors),
        *(f"id “{name}” stands {n} times" for name, n in ids.items() if n > 1),
    ]


def test_the_parser_notices():
    assert complaints("<!DOCTYPE html><title>x</title><p><div></p>")
    assert complaints('<!DOCTYPE html><title>x</title><p id="a"></p><p id="a"></p>')
