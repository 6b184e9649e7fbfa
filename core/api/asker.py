from typing import Any

from rest_framework.request import Request


def asker(request: Request) -> str:
    """Return a short name of who sent the request, the same in each of their requests.

    What authenticated the request names itself: the API key, else the colleague who is signed in.
    """
    who: Any = request.auth or request.user
    return str(who.asker)
