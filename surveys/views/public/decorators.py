"""What every public page shares: no sign-in, no session, and a limit on requests."""

import time
from collections.abc import Callable, Mapping
from functools import cache, wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from core.web import rate_limits
from staff.api.authentication import address
from staff.guesses import network

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
HEADERS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"}
LARGEST = 1_000_000  # bytes: twenty long texts in any alphabet, and no files


def public(*methods: str, counted_as: str = "survey") -> Callable[[View[P]], View[P]]:
    """Open a view to everybody. The link is the authority, so there is no token against forged requests either."""

    def decorated(view: View[P]) -> View[P]:
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            # Counted before size and method are looked at, or refused requests would be free.
            if wait := _too_often(request, counted_as):
                answer: HttpResponseBase = too_many(wait)
            elif _is_large(request.META.get("CONTENT_LENGTH") or "0"):
                answer = HttpResponse(status=413)
            elif request.method not in methods:
                answer = HttpResponseNotAllowed(methods)
            else:
                answer = view(request, *args, **kwargs)
            for name, value in HEADERS.items():
                answer.headers.setdefault(name, value)
            return answer

        return guarded

    return decorated


def _is_large(length: str) -> bool:
    # Nine digits at most: int() refuses thousands of them with an error.
    return not length.isdecimal() or len(length) > 9 or int(length) > LARGEST


def _too_often(request: HttpRequest, what: str) -> int:
    """Return how many seconds this network has to wait. No query."""
    second = int(time.time())
    count = rate_limits.count(f"{what}:{network(address(request))}", second=second)
    # None: Redis is down. Surveys go on without it, so nobody is limited then.
    over = count is not None and count > settings.SURVEY_REQUESTS_PER_MINUTE
    return rate_limits.reset(second) if over else 0


def page(template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """Return a page rendered without the request, so that nothing of a signed-in colleague gets into it."""
    answer = HttpResponse(render_to_string(f"surveys/answer/{template}.html", {**context}), status=status)
    patch_vary_headers(answer, ["Accept-Language"])
    answer.headers["Content-Language"] = get_language() or ""
    return answer


def dead_link() -> HttpResponse:
    """Answer a link that leads nowhere, always in the same words: the reason would say which links exist."""
    answer = HttpResponse(_dead_link_page(get_language() or ""), status=404)
    patch_vary_headers(answer, ["Accept-Language"])
    return answer


# Once for each language: a guessed link should cost as little as possible.
@cache
def _dead_link_page(_language: str) -> str:
    return render_to_string("surveys/answer/dead_link.html")


def too_many(wait: int) -> HttpResponse:
    answer = page("wait", {}, status=429)
    answer.headers["Retry-After"] = str(wait)
    return answer
