"""Who may look: a key with the scope `monitoring:read`, or an admin who is signed in (ASVS 13.4.5).

A key that acts as a colleague may look if that colleague may.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events import write_keys
from staff import api_keys
from staff.models import ApiKey, User

View = Callable[[HttpRequest, datetime], HttpResponse]


def for_monitoring(view: View) -> Callable[[HttpRequest], HttpResponse]:
    """Guard a view that takes (request, now). Answers 503 when the database does not, as then nobody can be known."""

    @login_not_required
    @never_cache
    @require_safe
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        try:
            return view(request, now) if _may_look(request, now) else _unknown()
        except (DatabaseError, InterfaceError):
            return JsonResponse({"status": "down", "problems": ["database_down"]}, status=503)

    return guarded


def _may_look(request: HttpRequest, now: datetime) -> bool:
    """Raises PermissionDenied for a colleague who is no admin, and for a key that acts as one."""
    who: User | AnonymousUser
    if "Authorization" in request.headers:
        key = _key(request)
        row = api_keys.find(key, ApiKey.MONITORING_READ, now=now) if key is not None else None
        if row is None or row.colleague is None:
            return row is not None
        who = row.colleague
    else:
        who = request.user
    if not who.is_authenticated:
        return False
    if not who.is_staff:
        raise PermissionDenied
    return True


def _key(request: HttpRequest) -> str | None:
    """Return the key from `Bearer KEY`, or from Basic authorization with the key as user name."""
    scheme, _, credentials = request.headers["Authorization"].partition(" ")
    return (
        credentials.strip()
        if scheme.lower() == "bearer"
        else write_keys.from_authorization(request.headers.get("Authorization", ""))
    )


def _unknown() -> HttpResponse:
    answer = JsonResponse(
        {
            "code": "unauthorised",
            "message": "Send a key with the scope monitoring:read as `Authorization: Bearer KEY`.",
        },
        status=401,
    )
    answer["WWW-Authenticate"] = "Bearer"
    return answer
