"""Addresses stay: pages that people bookmarked, and the API that programs were written against.

`addresses.txt` and `openapi.json` are lists of what was there before the house was put in order. What is added is
no fault; what is missing, or what the API describes otherwise, breaks somebody's link or program.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.urls import get_resolver
from django.urls.resolvers import URLPattern
from drf_spectacular.generators import SchemaGenerator

HERE = Path(__file__).parent
WORDING = {"description", "summary", "title", "example", "examples"}


def routes(patterns: Any, before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern.url_patterns, route)


def without_wording(part: Any) -> Any:
    """Return a description less its texts; a property of such a name is no text."""
    if isinstance(part, dict):
        return {
            name: {key: without_wording(value) for key, value in content.items()}
            if name == "properties"
            else without_wording(content)
            for name, content in part.items()
            if name not in WORDING or name == "properties"
        }
    return [without_wording(one) for one in part] if isinstance(part, list) else part


def test_every_address_of_before_is_still_there():
    before = (HERE / "addresses.txt").read_text().splitlines()
    assert len(before) > 150
    assert sorted(set(before) - set(routes(get_resolver().url_patterns))) == []


def test_the_api_differs_in_nothing_but_wording():
    now = json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))
    before = json.loads((HERE / "openapi.json").read_text())
    parts = without_wording(now)
    for kind, names in {"paths": before["paths"], "components": before["components"]["schemas"]}.items():
        there = parts["paths"] if kind == "paths" else parts["components"]["schemas"]
        for name, content in names.items():
            # A method that an address takes besides is no fault either.
            known = {part: there.get(name, {}).get(part) for part in content}
            assert (known if kind == "paths" else there.get(name)) == content, f"{kind}: {name}"


def test_what_is_no_wording_is_noticed():
    one = {"properties": {"title": {"type": "string", "title": "Title"}}, "description": "A thing."}
    assert without_wording(one) == {"properties": {"title": {"type": "string"}}}
