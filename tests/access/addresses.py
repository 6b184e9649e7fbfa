"""Every address of the product, found by walking the URL resolver."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

PART = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")  # <int:pk>, (?P<kind>batch|track)


@dataclass(frozen=True, slots=True)
class Address:
    """A route as the resolver has it, such as `customers/<int:pk>/`; `name` is the route itself when it has none."""

    route: str
    name: str

    @property
    def parts(self) -> list[str]:
        return [path or regex for path, regex in PART.findall(self.route)]

    def filled(self, values: Mapping[str, object]) -> str:
        """Return the path with a value in each part."""
        path = PART.sub(lambda match: str(values[match.group(1) or match.group(2)]), self.route)
        return "/" + re.sub(r"\^|\$|/\?", "", path)


def everywhere() -> Iterator[Address]:
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(patterns: Iterable[Any], route: str, namespace: str) -> Iterator[Address]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, here, inside)
        else:
            assert isinstance(pattern, URLPattern)
            yield Address(here, namespace + pattern.name if pattern.name else here)
