"""Permissions of the API: a key's scopes and a colleague's role, never more than both allow."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from core.api.scopes import area_of, scope_of
from staff.models import ApiKey, Role, User


class MayDoThis(BasePermission):
    """Views name their `area`; without one, any key will do. A viewer only reads, also through a key of theirs."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.user, User):
            raise NotAuthenticated(_("Send a key as “Authorization: Bearer KEY”."), "no_key")
        method = request.method or "GET"
        area = area_of(view, method)
        scope = scope_of(area, method)
        if area and isinstance(request.auth, ApiKey) and scope not in request.auth.scopes:
            raise PermissionDenied(_("This key lacks the scope “%(scope)s”.") % {"scope": scope}, "missing_scope")
        if method not in SAFE_METHODS and request.user.role == Role.VIEWER:
            raise PermissionDenied(_("Viewers can only read."), "read_only")
        return True
