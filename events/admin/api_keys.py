"""API keys: a new one is shown once, on the page that answers the POST, and never again."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_protect

from core.admin import FilledIn, ReadOnlyAdmin, ask
from events import write_keys
from events.admin.key_forms import NewKey, Rotation
from events.models import Channel
from staff import api_keys
from staff.models import ApiKey, User


class Revoked(FilledIn):
    title, parameter_name = _("revoked"), "revoked"
    column, words = "revoked_at", (_("Live"), _("Revoked"))


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    list_display = (
        "name", "public_part", "scope_names", "source_names", "colleague", "created_at", "expires_at", "last_used_at",
        "revoked_at",
    )  # fmt: skip
    list_filter = (Revoked,)
    list_select_related = ("colleague",)
    search_fields = ("name", "public_part")
    fields = (
        "name", "public_part", "scope_names", "source_names", "colleague", "created_at", "expires_at", "last_used_at",
        "revoked_at", "replaced_by",
    )  # fmt: skip
    readonly_fields = ("scope_names", "source_names")
    actions = ("revoke",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
        # `source_names` would ask once for each key.
        return super().get_queryset(request).prefetch_related("sources")

    @admin.display(description=_("scopes"))
    def scope_names(self, key: ApiKey) -> str:
        return ", ".join(key.scopes)

    @admin.display(description=_("speaks for"))
    def source_names(self, key: ApiKey) -> str:
        return ", ".join(source.name for source in key.sources.all()) or "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("staff.add_apikey")

    @method_decorator(csrf_protect)
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = NewKey(request.POST or None)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "original": None}
        if request.method == "POST" and form.is_valid():
            return self._show(request, self._create(request, **form.cleaned_data))
        context |= {"title": gettext("New key"), "form": form, "button": gettext("Make the key")}
        return TemplateResponse(request, "admin/staff/apikey/add.html", context)

    def _create(
        self, request: HttpRequest, *, name: str, scopes: list[str], channel: str, colleague: User | None, expires: Any
    ) -> str:
        key = write_keys.create(
            name, scopes, channel=Channel(channel), now=timezone.now(), colleague=colleague, expires_at=expires
        )
        # For the admin's log: the verb returns the key alone, which is stored nowhere.
        row = ApiKey.objects.get(public_part=key.rpartition("_")[0])
        self.log_addition(request, row, [{"added": {}}])
        return key

    def _show(self, request: HttpRequest, key: str) -> TemplateResponse:
        """Show a key, once."""
        context = {**self.admin_site.each_context(request), "opts": self.opts, "original": None}
        context |= {"title": gettext("Your new key"), "key": key}
        return TemplateResponse(request, "admin/staff/apikey/new_key.html", context)

    def get_urls(self) -> list[Any]:
        rotate = self.admin_site.admin_view(self.rotate_view)
        return [path("<path:object_id>/rotate/", rotate, name="staff_apikey_rotate"), *super().get_urls()]

    @method_decorator(csrf_protect)
    def rotate_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Make a second live key beside this one, which then ends."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        form = Rotation(request.POST or None)
        if request.method == "POST" and form.is_valid():
            overlap = timedelta(days=form.cleaned_data["days"])
            try:
                new, key = api_keys.rotate(row, now=timezone.now(), overlap=overlap)
            except api_keys.CannotRotate as refusal:
                form.add_error(None, str(refusal))
            else:
                self.log_change(request, row, gettext("Rotated: %(key)s takes over.") % {"key": new})
                self.log_addition(request, new, [{"added": {}}])
                return self._show(request, key)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "original": row, "form": form}
        context |= {"title": gettext("Rotate the key"), "button": gettext("Make the second key")}
        return TemplateResponse(request, "admin/staff/apikey/add.html", context)

    @admin.action(description=_("Revoke"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> HttpResponse | None:
        live = queryset.filter(revoked_at=None)
        if "sure" not in request.POST:
            return self._ask_to_revoke(request, live)
        # Before the update, after which the queryset finds none.
        names = [str(key) for key in live]
        for key in live:
            self.log_change(request, key, gettext("Revoked."))
        live.update(revoked_at=timezone.now())
        message = ngettext("Revoked %(count)s key: %(names)s.", "Revoked %(count)s keys: %(names)s.", len(names))
        self.message_user(request, message % {"count": len(names), "names": ", ".join(names)}, messages.SUCCESS)
        return None

    def _ask_to_revoke(self, request: HttpRequest, live: QuerySet[ApiKey]) -> TemplateResponse:
        again = [("_selected_action", str(key.pk)) for key in live]
        return ask(
            request,
            self,
            title=gettext("Revoke keys?"),
            paragraphs=[gettext("Requests with these keys are refused from now on. This cannot be undone.")],
            listed=[str(key) for key in live],
            button=gettext("Revoke"),
            sent_along=[("action", "revoke"), ("sure", "yes"), *again],
        )
