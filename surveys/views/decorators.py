"""Permissions of survey pages: all colleagues read, those who may act send, admins and leads make surveys."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.views.decorators.http import require_http_methods

from staff.models import Role, User
from staff.requests import StaffRequest

P = ParamSpec("P")
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def may_make(user: User) -> bool:
    return user.role in (Role.ADMIN, Role.LEAD)


def for_makers(
    view: Callable[Concatenate[StaffRequest, P], HttpResponseBase],
) -> Callable[Concatenate[StaffRequest, P], HttpResponseBase]:
    """Keep everybody but admins and leads out: 403."""

    @wraps(view)
    def guarded(request: StaffRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not may_make(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def is_confirmed(request: StaffRequest) -> bool:
    """Whether the page's confirming button was pressed: a POST alone, such as a replayed one, does not confirm."""
    return request.method == "POST" and request.POST.get("sure") == "yes"
