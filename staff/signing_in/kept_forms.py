"""What was typed when a session ended: kept in the sign-in page, and sent again by a button after signing in.

The fields travel through the browser, signed, not through the database. Kept is only what came from a page of ours (the
check against forged requests went before), without files and passwords, and it is sent again only by the person's own
press of a button, to the address it was meant for.
"""

from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.csrf import csrf_failure

FIELD = "kept"
MOST = 200_000  # characters; a longer form is not kept
LASTS = 24 * 60 * 60  # seconds
_SALT = "staff.kept-form"
_NOT_KEPT = ("password", "csrfmiddlewaretoken", FIELD)
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

Fields = list[tuple[str, str]]


def seal(request: HttpRequest) -> str:
    """Return the form a POST carries, signed; "" when it holds nothing to keep, or too much."""
    fields = fields_of(request)
    if not fields or sum(len(name) + len(value) for name, value in fields) > MOST:
        return ""
    kept = [request.get_full_path(), fields, bool(request.FILES)]
    return signing.dumps(kept, salt=_SALT, compress=True)


def fields_of(request: HttpRequest) -> Fields:
    if request.method != "POST" or request.content_type not in _FORMS:
        return []
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        if not any(word in name.lower() for word in _NOT_KEPT)
        for value in values
    ]


def after_signing_in(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Return the page that asks whether to send what was kept; without that, the response."""
    try:
        path, fields, had_files = signing.loads(request.POST.get(FIELD, ""), salt=_SALT, max_age=LASTS)
    except signing.BadSignature:
        return response
    page = ask(request, path, fields, had_files=had_files)
    for cookie in response.cookies.values():  # this browser is known from now on
        page.cookies[cookie.key] = cookie
    return page


def ask(request: HttpRequest, path: str, fields: Fields, *, had_files: bool) -> HttpResponse:
    """Return a page that shows what was typed and sends it by a button."""
    context: dict[str, Any] = {
        "path": path,
        "fields": fields,
        "written": [value for _name, value in fields if " " in value.strip()],
        "had_files": had_files,
    }
    return render(request, "staff/kept_form.html", context)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Answer a form whose token does not fit: asked again if it came from a page opened before signing in anew.

    Signing in changes the token, so forms in other tabs have an old one. The browser names the page's origin, which a
    page of somebody else cannot forge; without that, or for anybody not signed in, it is refused as ever.
    """
    is_ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    refused: HttpResponse = csrf_failure(request, reason)
    if not is_ours or not request.user.is_authenticated:
        return refused
    if FIELD in request.POST:  # the sign-in page of another tab, which kept a form
        return after_signing_in(request, refused)
    fields = fields_of(request)
    return ask(request, request.get_full_path(), fields, had_files=bool(request.FILES)) if fields else refused
