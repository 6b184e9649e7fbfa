"""What the front answers where Django cannot: in JSON to programs, on a page to people. No database, no thread."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.http import HttpRequest, parse_cookie
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.web import bodies
from core.web.bodies import Headers, Send
from events.door.application import Answer, refusal

PROGRAMS = ("/api/", "/hooks/", "/mail-events/")
_READ_BY_PROGRAMS = (*PROGRAMS, "/health/", "/metrics")
_CLOSE = (b"connection", b"close")  # as the body was not read to its end
_RETRY_AFTER = (b"retry-after", b"5")  # seconds
_JSON: Headers = [(b"content-type", b"application/json"), _CLOSE]
_PAGE: Headers = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"vary", b"Accept-Language, Cookie"),
    (b"x-content-type-options", b"nosniff"),
    (
        b"content-security-policy",
        b"default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; form-action 'none'",
    ),
    _CLOSE,
]

# (code and message for programs; heading and message for people)
_WORDS = {
    400: (
        "invalid_body",
        "The body ends before the length it was announced with.",
        _("Not everything arrived"),
        _("The connection broke off while it was sent. Nothing was changed. Try again."),
    ),
    408: (
        "too_slow",
        "The body came too slowly. Send it again.",
        _("It came too slowly"),
        _("Nothing was changed. Try again, from a faster connection if you can."),
    ),
    413: (
        "too_large",
        "The body is larger than Rapport takes.",
        _("This is too large"),
        _("Rapport takes files of up to 50 MB. Nothing was changed."),
    ),
    500: (
        "server_error",
        "Something went wrong on our side. Try again.",
        _("Something went wrong on our side"),
        _("Try again in a minute. If it happens again, tell your admin what you did and when."),
    ),
    503: (
        "try_again",
        "Rapport is busy. Try again in a few seconds.",
        _("Rapport is busy"),
        _("Nothing was changed. Go back and try again in a few seconds; what you typed is still there."),
    ),
}


async def refuse(scope: Mapping[str, Any], send: Send, status: int) -> None:
    """Answer a request that was not, with 400, 408, 413, 500 or 503."""
    if scope["path"].startswith(_READ_BY_PROGRAMS):
        code, message, _heading, _words = _WORDS[status]
        headers, body = _JSON, refusal(status, code, message).body
    else:
        headers, body = _PAGE, _page(status, _language(scope))
    await bodies.answer(send, status, [*headers, _RETRY_AFTER] if status == 503 else headers, body)


async def unknown_host(send: Send) -> Answer:
    """Tell a program that it asked for a host which is not ours; return what was answered."""
    answer = refusal(400, "unknown_host", "This address does not serve the host it was asked for.")
    await bodies.answer(send, answer.status, _JSON, answer.body)
    return answer


def _language(scope: Mapping[str, Any]) -> str:
    headers = {name: text.decode("latin-1") for name, text in scope["headers"]}
    request = HttpRequest()
    request.META = {"HTTP_ACCEPT_LANGUAGE": headers.get(b"accept-language", "")}
    request.COOKIES = parse_cookie(headers.get(b"cookie", ""))
    return translation.get_language_from_request(request)


@cache
def _page(status: int, language: str) -> bytes:
    _code, _message, heading, words = _WORDS[status]
    with translation.override(language):
        return render_to_string("refused.html", {"heading": heading, "words": words}).encode()
