from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def back_to(request: HttpRequest, otherwise: str) -> str:
    """Return the page of ours that was left, as the form or link names it."""
    next_page = request.POST.get("next") or request.GET.get("next") or ""
    # Anybody can write `next` into a link, so only paths of this site are followed.
    safe = url_has_allowed_host_and_scheme(next_page, allowed_hosts=None, require_https=request.is_secure())
    return next_page if safe and next_page.startswith("/") else otherwise
