"""Requests of people who are signed in, and who of them may open a view."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from staff.models import Role, User

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request behind LoginRequiredMiddleware: somebody is signed in."""

    user: User


View = Callable[Concatenate[StaffRequest, P], HttpResponseBase]


def acts(view: View[P]) -> View[P]:
    """Keep viewers out of a view that changes something, or shows a form that would: they get 403."""
    return _only(view, lambda user: user.may_act)


def for_leads(view: View[P]) -> View[P]:
    """Keep everybody but leads and admins out: 403."""
    return _only(view, lambda user: user.may_lead)


def for_admins(view: View[P]) -> View[P]:
    """Keep everybody but admins out: 403."""
    return _only(view, lambda user: user.role == Role.ADMIN)


def _only(view: View[P], may: Callable[[User], bool]) -> View[P]:
    @wraps(view)
    def guarded(request: StaffRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not may(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
