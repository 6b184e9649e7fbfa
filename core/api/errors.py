"""One shape for every error: `{"code", "message", "errors": [{"field", "code", "message"}], "request_id"?}`."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.api.refusals import TryAgain
from core.db.unavailable import is_unavailable

logger = logging.getLogger(__name__)
REQUEST_ID = "rapport.request_id"  # in request.META, when the log numbers requests

Fault = dict[str, str]


def handle(exception: Exception, context: Mapping[str, Any]) -> Response:
    """Answer any exception in the one shape; DRF calls this."""
    request: Request = context["request"]
    error = _ours(exception)
    set_rollback()
    if error is None:
        logger.error("The API failed at %s", request.path, exc_info=exception)
        # DRF has caught the exception, so Django would not report it.
        got_request_exception.send(sender=None, request=request._request)
        return Response(body("server_error", _("Something went wrong here. It was logged."), request), 500)
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(max(1, round(wait)))
    return Response(_body(error, request), error.status_code, headers=headers)


def _ours(exception: Exception) -> exceptions.APIException | None:
    if isinstance(exception, exceptions.APIException):
        return exception
    if isinstance(exception, Http404):
        # One text for both, so that it does not tell which rows exist.
        return exceptions.NotFound(_("Not found, or you may not see it."))
    if isinstance(exception, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(exception, BadRequest):
        return exceptions.ParseError(str(exception), "bad_cursor")
    if is_unavailable(exception):
        logger.error("The database does not answer", exc_info=exception)
        # 503, not 500: the caller may send the same request again.
        return TryAgain(_("The database does not answer. Nothing was changed; try again."))
    return None


def _body(error: exceptions.APIException, request: Request) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        faults = list(_faults(error.get_full_details()))
        message = _("The request was not understood: %(fault)s") % {"fault": _first(faults)}
        return body("invalid", message, request, faults)
    details = error.get_full_details()
    if isinstance(error, exceptions.Throttled) and error.get_codes() == exceptions.Throttled.default_code:
        return body("too_many_requests", _("Too many requests. Wait for the next minute."), request)
    assert isinstance(details, dict)
    return body(str(details["code"]), str(details["message"]), request, getattr(error, "faults", None))


def body(code: str, message: str, request: Request | HttpRequest, faults: list[Fault] | None = None) -> dict[str, Any]:
    content: dict[str, Any] = {"code": code, "message": message, "errors": faults or []}
    if request_id := request.META.get(REQUEST_ID):
        content["request_id"] = request_id
    return content


def _faults(details: Any, field: str = "") -> Iterator[Fault]:
    """Yield what is wrong, field by field; a nested field is named by its path, such as `tags.0`."""
    if isinstance(details, dict) and {"message", "code"} == set(details) and not isinstance(details["code"], dict):
        yield {"field": field, "code": str(details["code"]), "message": str(details["message"])}
    elif isinstance(details, dict):
        for name, inner in details.items():
            inside = "" if name in ("non_field_errors", "__all__") else str(name)
            yield from _faults(inner, ".".join(part for part in (field, inside) if part))
    else:
        for inner in details:
            yield from _faults(inner, field)


def in_words(error: exceptions.ValidationError) -> str:
    """Return the first thing that is wrong, with its field."""
    return _first(list(_faults(error.get_full_details())))


def _first(faults: list[Fault]) -> str:
    fault = faults[0]
    return f"{fault['field']}: {fault['message']}" if fault["field"] else fault["message"]
