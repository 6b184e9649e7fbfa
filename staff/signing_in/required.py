"""Which pages ask who is there: all that do not say otherwise. Their answers are kept by no cache."""

from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode

from core.web.htmx import wants_part
from staff.signing_in import kept_forms
from staff.signing_in.views import sign_in_page


class SignInFirst(LoginRequiredMiddleware):
    """Middleware: send strangers to sign in, without losing what they typed; keep private pages out of caches."""

    def process_view(self, request: HttpRequest, view_func: Any, *args: Any) -> HttpResponseBase | None:
        request.is_private = getattr(view_func, "login_required", True)  # type: ignore[attr-defined]
        return super().process_view(request, view_func, *args)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        # A page may say something stricter or, if nothing in it is anybody's, something else.
        if getattr(request, "is_private", False) and "Cache-Control" not in response.headers:
            add_never_cache_headers(response)
        return response

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        if wants_part(request):
            # What is on the screen stays there, with all that was typed (static/parts.js says so).
            return HttpResponse(status=401)
        if "HX-Request" in request.headers:
            address = f"{reverse('staff:sign-in')}?{urlencode({'next': request.get_full_path()})}"
            return HttpResponse(status=401, headers={"HX-Redirect": address})
        if sealed := kept_forms.seal(request):
            return sign_in_page(request, {"next": "", "kept": sealed, "was_signed_out": True}, status=401)
        return super().handle_no_permission(request, view_func)
