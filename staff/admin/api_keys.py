"""API keys: a new one is shown once, on the page that answers the POST, and never again."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_protect

from core.admin import FilledIn, ReadOnlyAdmin, ask
from events import write_keys
from events.models import Channel
from staff.models import ApiKey


class NewWriteKey(forms.Form):
    name = forms.CharField(
        label=_("Source"),
        max_length=100,
        help_text=_(
            "What sends the events, such as “Website”. Give the name of a source that exists to make "
            "a second key for it, and revoke the first one when the second is in use."
        ),
    )
    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=Channel.choices,
        initial=Channel.PRODUCT,
        help_text=_("The channel of event types first seen from a new source."),
    )


class Revoked(FilledIn):
    title, parameter_name = _("revoked"), "revoked"
    column, words = "revoked_at", (_("Live"), _("Revoked"))


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    list_display = ("name", "public_part", "source_names", "created_at", "last_used_at", "revoked_at")
    list_filter = (Revoked,)
    search_fields = ("name", "public_part")
    fields = (
        "name", "public_part", "scope_names", "source_names", "created_at", "expires_at", "last_used_at", "revoked_at",
    )  # fmt: skip
    readonly_fields = ("scope_names", "source_names")
    actions = ("revoke",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
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
        form = NewWriteKey(request.POST or None)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "original": None}
        if request.method == "POST" and form.is_valid():
            key = self._create(request, **form.cleaned_data)
            context |= {"title": gettext("Your new key"), "key": key}
            return TemplateResponse(request, "admin/staff/apikey/new_key.html", context)
        context |= {"title": gettext("New write key"), "form": form}
        return TemplateResponse(request, "admin/staff/apikey/add.html", context)

    def _create(self, request: HttpRequest, *, name: str, channel: str) -> str:
        key = write_keys.create(name, [ApiKey.EVENTS_WRITE], channel=Channel(channel), now=timezone.now())
        row = ApiKey.objects.get(public_part=key.rpartition("_")[0])
        self.log_addition(request, row, [{"added": {}}])
        return key

    @admin.action(description=_("Revoke"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> HttpResponse | None:
        live = queryset.filter(revoked_at=None)
        if "sure" not in request.POST:
            return self._ask_to_revoke(request, live)
        names = [str(key) for key in live]
        for key in live:
            self.log_change(request, key, gettext("Revoked."))
        live.update(revoked_at=timezone.now())
        said = ngettext("Revoked %(count)s key: %(names)s.", "Revoked %(count)s keys: %(names)s.", len(names))
        self.message_user(request, said % {"count": len(names), "names": ", ".join(names)}, messages.SUCCESS)
        return None

    def _ask_to_revoke(self, request: HttpRequest, live: QuerySet[ApiKey]) -> TemplateResponse:
        again = [("_selected_action", str(key.pk)) for key in live]
        return ask(
            request,
            self,
            title=gettext("Revoke keys?"),
            said=[gettext("Whoever sends events with these keys is refused from now on. This cannot be undone.")],
            listed=[str(key) for key in live],
            button=gettext("Revoke"),
            sent_along=[("action", "revoke"), ("sure", "yes"), *again],
        )
