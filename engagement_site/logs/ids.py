"""Request ids: given to each request, and named in every log line, as those of tasks are (`tasks`)."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar, Token

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

logger = logging.getLogger("engagement_site.requests")
IN_REQUEST = "rapport.request_id"  # in request.META
REQUEST_HEADER = "X-Request-Id"
_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")

_context: ContextVar[dict[str, str]] = ContextVar("context", default={})  # noqa: B039 (never changed, only replaced)


def current(record: logging.LogRecord) -> dict[str, str]:
    """Return what the record is about, by name.

    Django logs an answer of 4xx after the outermost middleware has returned; but it names the request.
    """
    if facts := _context.get():
        return facts
    meta = getattr(getattr(record, "request", None), "META", {})
    return {"request_id": meta[IN_REQUEST]} if IN_REQUEST in meta else {}


def request_id() -> str:
    """Return the id of the request being answered, or of the one that led to the task; "" outside both."""
    return _context.get().get("request_id", "")


def begin(**facts: str) -> Token[dict[str, str]]:
    return _context.set(facts)


def end(token: Token[dict[str, str]]) -> None:
    _context.reset(token)


class RequestIds:
    """Middleware, the outermost: whatever answers inside, the id is there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = accepted(request.headers.get(REQUEST_HEADER, ""))
        request.META[IN_REQUEST] = request_id
        token = begin(request_id=request_id)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response[REQUEST_HEADER] = request_id
            _log(request, response, time.perf_counter() - began)
            return response
        finally:
            end(token)


def accepted(given: str) -> str:
    """Return the id the proxy or the caller gave, if it is one: it ends up in logs, so nothing else is let in."""
    return given if _ACCEPTED.fullmatch(given) else uuid.uuid4().hex


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


def server_error(_request: HttpRequest) -> HttpResponse:
    """Answer an unhandled error with the number under which the log tells what happened. Needs no database."""
    return HttpResponse(render_to_string("500.html", {"request_id": request_id()}), status=500)
