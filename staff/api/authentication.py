"""Authentication of the API by a secret key (`Authorization: Bearer …`)."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, ParseError, Throttled
from rest_framework.request import Request

from staff import api_keys, guesses
from staff.models import ApiKey, Role, User

# Parameters in which other services take keys. In an address a key ends up in logs, histories and Referer headers.
_IN_QUERY = ("api_key", "apikey", "key", "token", "access_token", "authorization", "writekey")


class KeyInAddress(ParseError):
    default_code = "key_in_address"


class KeyAuthentication(BaseAuthentication):
    """The company's own key, or one that acts as a colleague."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        # Refused even beside a valid header: the key in the address has leaked and must be revoked.
        if sent := sorted(name for name in request.query_params if name.lower() in _IN_QUERY):
            raise KeyInAddress(
                _("Never put a key into an address (“%(name)s”). Revoke it, and send the new one as a header.")
                % {"name": sent[0]}
            )
        # latin-1 decodes any bytes: a header of rubbish is an unknown key, not an error.
        scheme, _space, key = get_authorization_header(request).decode("latin-1").partition(" ")
        if not scheme:
            return None
        if scheme.lower() != "bearer" or not key.strip():
            raise AuthenticationFailed(_("Send the key as “Authorization: Bearer KEY”."), "unknown_key")
        row = api_keys.live(key.strip(), now=timezone.now())
        if row is None:
            raise _unknown(request)
        return row.colleague or company(row), row

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Rapport"'


def company(key: ApiKey) -> User:
    """Return the user of the company's own key: unsaved, with a lead's role, who sees every customer."""
    return User(name=key.name, role=Role.LEAD)


def author(request: Request) -> User | None:
    """Return the colleague who is recorded as a write's author; None for the company's own key."""
    return request.user if request.user.pk else None


def _unknown(request: Request) -> AuthenticationFailed | Throttled:
    # Counted only here, once a key is unknown: a valid key is never slowed down by its neighbours.
    if guesses.note(address(request._request), now=timezone.now()):
        return Throttled(
            wait=60, detail=_("Too many requests with unknown keys came from this network."), code="too_many_guesses"
        )
    return AuthenticationFailed(_("This API key is not valid."), "unknown_key")


def address(request: HttpRequest) -> str:
    """Return the client's network address. Behind our proxy, that is the one it added: the last one."""
    meta: dict[str, Any] = request.META
    # Without a proxy of ours the header is whatever the client sends.
    if settings.BEHIND_PROXY and (forwarded := meta.get("HTTP_X_FORWARDED_FOR", "")):
        return str(forwarded).rpartition(",")[2].strip()
    return str(meta.get("REMOTE_ADDR", ""))
