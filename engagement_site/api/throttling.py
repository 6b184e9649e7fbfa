"""So many requests a minute for each key and each colleague; open when Redis does not answer (core/rates.py)."""

import time
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from core import rates
from engagement_site.api.authentication import asker
from staff.models import User


class PerAsker(BaseThrottle):
    """A fixed window of a minute. `view.limits` are the headers of every answer.

    Strangers are not counted: they get their 401 without any work, and must not use up one another's minute.
    """

    remaining = reset = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        if not isinstance(request.user, User):
            return True
        limit = settings.API_REQUESTS_PER_MINUTE
        now = int(time.time())
        self.reset = rates.reset(now)
        count = rates.count(f"api:{asker(request)}", second=now)
        if count is None:
            return True
        view.limits = {
            "RateLimit-Limit": str(limit),
            "RateLimit-Remaining": str(max(0, limit - count)),
            "RateLimit-Reset": str(self.reset),
        }
        return count <= limit

    def wait(self) -> float:
        return self.reset
