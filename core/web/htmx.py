"""One URL, whole or in part: htmx asks for a part of a page; links, tests and readers without JavaScript get it all."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

# Both carry HX-Request as well, and need the whole page.
_WHOLE = ("HX-Boosted", "HX-History-Restore-Request")


def wants_part(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers and not any(name in request.headers for name in _WHOLE)


def render_part(request: HttpRequest, template: str, part: str, context: Mapping[str, Any]) -> HttpResponse:
    """Render the template's part (`{% partialdef part inline %}`) for htmx, else the whole template."""
    name = f"{template}#{part}" if wants_part(request) else template
    response = render(request, name, dict(context))
    patch_vary_headers(response, ["HX-Request"])
    return response
