from rest_framework.request import Request

from staff.models import User


class ApiRequest(Request):
    """A request that passed authentication and permissions: a colleague, or the company's own key."""

    user: User
