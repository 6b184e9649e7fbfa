"""Webhooks that bring answers: made, shown their secret, renewed, ended; and what they brought that was refused."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_protect

from core.admin import CLEANED, FilledIn, ReplayableAdmin, Replayed, ask
from surveys.answering import webhooks
from surveys.models import Hook, Refused, Survey, SurveyStatus
from surveys.views import hook_rows


class Ended(FilledIn):
    title, parameter_name = _("ended"), "ended"
    column, words = "ended_at", (_("Live"), _("Ended"))


@admin.register(Hook)
class HookAdmin(admin.ModelAdmin):
    """An address and a secret for another tool. The secret is shown when it is made, and when it is renewed."""

    formfield_overrides = CLEANED
    list_display = ("name", "survey", "created_at", "used_at", "rotated_at", "ended_at")
    list_filter = (Ended,)
    list_select_related = ("survey",)
    search_fields = ("name", "survey__name")
    readonly_fields = ("address", "created_at", "used_at", "rotated_at", "ended_at")
    actions = ("end",)
    change_form_template = "admin/surveys/hook/change_form.html"

    def get_fields(self, request: HttpRequest, obj: Hook | None = None) -> tuple[str, ...]:
        return ("name", "survey") if obj is None else ("name", "survey", *self.readonly_fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Hook | None = None) -> tuple[str, ...]:
        return () if obj is None else ("survey", *self.readonly_fields)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = Survey.objects.exclude(status=SurveyStatus.CLOSED)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Hook | None = None) -> bool:
        return False  # what it brought hangs on it: it is ended instead

    @admin.display(description=_("address"))
    def address(self, hook: Hook) -> str:
        return address_of(hook)

    def save_model(self, request: HttpRequest, obj: Hook, form: Any, change: bool) -> None:
        if not change:
            obj.created_at = timezone.now()
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Hook, post_url_continue: Any = None) -> HttpResponse:
        return self._show(request, obj)

    def get_urls(self) -> list[Any]:
        renew = self.admin_site.admin_view(self.renew_view)
        return [path("<path:object_id>/renew/", renew, name="surveys_hook_renew"), *super().get_urls()]

    @method_decorator(csrf_protect)
    def renew_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        hook = self.get_object(request, object_id)
        if hook is None:
            raise Http404
        if not self.has_change_permission(request, hook):
            raise PermissionDenied
        if request.method != "POST":
            text = gettext("The other tool gets a new secret. The one it signs with now works for another 7 days.")
            title, button = gettext("Renew the secret?"), gettext("Renew the secret")
            return ask(request, self, title=title, paragraphs=[text], listed=[str(hook)], button=button, original=hook)
        self.log_change(request, hook, gettext("Secret renewed."))
        return self._show(request, webhooks.renew(hook, now=timezone.now()))

    def _show(self, request: HttpRequest, hook: Hook) -> TemplateResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, "original": None}
        context |= {
            "title": gettext("Address and secret"),
            "address": address_of(hook),
            "secret": webhooks.secret_of(hook),
        }
        response = TemplateResponse(request, "admin/surveys/hook/secret.html", context)
        response["Cache-Control"] = "no-store"
        return response

    @admin.action(description=_("End: take nothing more"))
    def end(self, request: HttpRequest, queryset: QuerySet[Hook]) -> HttpResponse | None:
        live = queryset.filter(ended_at=None)
        if "sure" not in request.POST:
            again = [("_selected_action", str(hook.pk)) for hook in live]
            text = gettext("What the other tool sends is refused from now on. This cannot be undone.")
            listed = [str(hook) for hook in live]
            sent = [("action", "end"), ("sure", "yes"), *again]
            title, button = gettext("End these webhooks?"), gettext("End them")
            return ask(request, self, title=title, paragraphs=[text], listed=listed, button=button, sent_along=sent)
        for hook in live:
            self.log_change(request, hook, gettext("Ended."))
            webhooks.end(hook, now=timezone.now())
        return None


@admin.register(Refused)
class RefusedAdmin(ReplayableAdmin):
    """Answers that could not be taken, to search and to try again once the reason is gone."""

    list_display = ("received_at", "hook", "reason", "replayed_at")
    list_filter = (Replayed, "hook")
    list_select_related = ("hook",)
    search_fields = ("reason", "hook__name")  # not the answer: it may be of a confidential survey
    fields = ("hook", "received_at", "reason", "replayed_at", "answer")
    readonly_fields = ("answer",)

    @admin.display(description=_("answer"))
    def answer(self, refused: Refused) -> str:
        if refused.hook.survey.is_confidential:
            return gettext("This survey is confidential: only totals are shown.")
        return format_html("<pre>{}</pre>", refused.body)

    def replay(self, row: Refused, *, now: datetime) -> str:
        return hook_rows.replay(row, now=now)

    def taken(self, count: int) -> str:
        text = ngettext("%(count)s answer was taken.", "%(count)s answers were taken.", count)
        return text % {"count": count}


def address_of(hook: Hook) -> str:
    return settings.PUBLIC_ADDRESS + reverse("survey-hook", args=[hook.slug])
