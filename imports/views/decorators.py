"""Access to imports: admins and leads, who see all customers."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404

from imports.models import Import
from staff.models import Role
from staff.requests import StaffRequest

P = ParamSpec("P")


def for_leads(
    view: Callable[Concatenate[StaffRequest, P], HttpResponseBase],
) -> Callable[Concatenate[StaffRequest, P], HttpResponseBase]:
    @wraps(view)
    def guarded(request: StaffRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.user.role not in (Role.ADMIN, Role.LEAD):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def job_of(request: StaffRequest, pk: int) -> Import:
    return get_object_or_404(Import.objects.visible_to(request.user).select_related("by"), pk=pk)
