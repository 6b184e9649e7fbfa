"""Browsers in which a colleague signed in before: strangers' wrong passwords do not slow them down.

A signed cookie names them. It lets nobody in: guesses from it are counted as well, for this browser alone.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

COOKIE = "rapport_browser"
LASTS = 180 * 24 * 60 * 60  # seconds
MOST = 5  # accounts of colleagues who share a browser; the oldest goes first
_SALT = "staff.browser"


def known(request: HttpRequest, account: str) -> str:
    """Return the name of this browser, if the account (`attempts.account_of`) signed in here before; else ""."""
    name, accounts = _read(request)
    return name if account in accounts else ""


def remember(request: HttpRequest, response: HttpResponseBase, account: str) -> None:
    """Let the browser keep that this account signed in here."""
    name, accounts = _read(request)
    accounts = [*(one for one in accounts if one != account), account][-MOST:]
    response.set_cookie(
        COOKIE,
        signing.dumps([name or secrets.token_urlsafe(12), accounts], salt=_SALT),
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    """Return the browser's name and its accounts, the oldest first."""
    try:
        name, accounts = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError):
        return "", []
    return name, accounts
