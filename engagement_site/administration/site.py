"""The Django admin as a whole: for admins only, entered through our own sign-in page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _

View = Callable[..., HttpResponseBase]


class Site(AdminSite):
    site_header = site_title = "Rapport"
    index_title = _("Administration")

    def get_urls(self) -> list[Any]:
        return [path("health/", self.admin_view(self.health), name="health"), *super().get_urls()]

    def health(self, request: HttpRequest) -> HttpResponseBase:
        from engagement_site.administration import health

        return health.page(request, self.each_context(request))

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # type: ignore[override]
        """Answer 403 to a colleague who is no admin: sending them to sign in again would go round in circles."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return guarded

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """Lead to our own page, which slows guesses down."""
        return redirect("staff:password")
