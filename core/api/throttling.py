"""So many requests a minute for each key and each colleague; unlimited while Redis does not answer."""

import time
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from core.api.asker import asker
from core.web import rate_limits


class PerAsker(BaseThrottle):
    """A fixed window of a minute. `view.limits` are the headers of every answer.

    Strangers are not counted: they get their 401 without any work, and must not use up one another's minute.
    """

    remaining = reset = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        if not request.user.is_authenticated:
            return True
        limit = settings.API_REQUESTS_PER_MINUTE
        now = int(time.time())
        self.reset = rate_limits.reset(now)
        # By who asks, not by address: a company's programs share one, and a key may come from many.
        count = rate_limits.count(f"api:{asker(request)}", second=now)
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
