from django.http import HttpRequest

from staff.models import User


class StaffRequest(HttpRequest):
    """A request behind LoginRequiredMiddleware: somebody is signed in."""

    user: User
