"""Each colleague's own time zone: instants are shown and entered in it. Days stay the company's (core.days)."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from core.names import zones
from staff.models import User


def choices() -> list[str]:
    """Return the names of zones that people live in, in alphabetical order: those with a region, and UTC."""
    kept = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    return [*sorted(name for name in zones.names() if name.partition("/")[0] in kept and "/" in name), "UTC"]


def guess(colleague: User, name: str) -> None:
    """Keep the zone of the browser somebody signs in with, unless they have one already or it is none. One query."""
    if not colleague.time_zone and name in zones.names():
        User.objects.filter(pk=colleague.pk, time_zone="").update(time_zone=name)


class OwnTimeZone:
    """Middleware: show pages in the zone of whoever is signed in.

    Only where somebody must be: asking who it is on a public page would read a session for nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self._get_response(request)
        finally:
            timezone.deactivate()

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if getattr(view, "login_required", True) and request.user.is_authenticated:
            name = request.user.time_zone
            # A zone may be taken out of the zone database; then days and times are the company's.
            if name in zones.names():
                timezone.activate(ZoneInfo(name))
