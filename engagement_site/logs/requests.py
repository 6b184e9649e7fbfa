"""Each request has an id: in its answer, its log lines, the tasks it leads to, and on the page that says it failed."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from engagement_site.logs import about

logger = logging.getLogger("engagement_site.requests")
HEADER = "X-Request-Id"
_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIds:
    """Middleware, the outermost: whatever answers inside, the id is there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = chosen(request.headers.get(HEADER, ""))
        request.META[about.IN_REQUEST] = request_id
        token = about.begin(request_id=request_id)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response[HEADER] = request_id
            _log(request, response, time.perf_counter() - began)
            return response
        finally:
            about.end(token)


def chosen(given: str) -> str:
    """Return the id the proxy or the caller gave, if it is one: it ends up in logs, so nothing else is let in."""
    return given if _SANE.fullmatch(given) else uuid.uuid4().hex


def _log(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    match = request.resolver_match
    details = {
        "method": request.method,
        "path": request.path,
        "view": match.view_name if match else None,
        "status": response.status_code,
        "milliseconds": round(seconds * 1000, 1),
    }
    logger.info("%s %s: %s", request.method, request.path, response.status_code, extra={"details": details})
