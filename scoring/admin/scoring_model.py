from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import CLEANED, ask
from scoring.admin.inlines import FactorInline, WeightInline
from scoring.forms.add_weights import EventTypesForm, not_weighed
from scoring.model_versions import versions
from scoring.models import ScoringModel, Status

CHANGE = "admin:scoring_scoringmodel_change"


def _of_version(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the version to a door of its own, and tell what the database refuses; no such version is a 404."""

    @wraps(view)
    def door(self: "ScoringModelAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
        model = self.get_object(request, unquote(object_id))
        if model is None:
            raise Http404
        if not self.has_view_permission(request, model):
            raise PermissionDenied
        try:
            return view(self, request, model)
        except IntegrityError as refusal:
            return self._refuse(request, model, _first_line(refusal))

    return door


@admin.register(ScoringModel)
class ScoringModelAdmin(admin.ModelAdmin):
    """Versions. A new one begins as a copy, is edited as a draft, and never changes once it is published.

    Publishing is an act of its own page (scoring:publish), which shows what differs and asks for a note.
    """

    formfield_overrides = CLEANED
    list_display = ("version", "name", "status", "published_at", "published_by", "retired_at")
    list_display_links = ("version", "name")
    list_filter = ("status",)
    list_select_related = ("published_by",)
    search_fields = ("name", "note")
    actions = None
    inlines = (WeightInline, FactorInline)
    readonly_fields = ("status", "created_at", "published_at", "published_by", "retired_at")
    fieldsets = (
        (None, {"fields": ("name", "note", "status")}),
        (_("Applies to"), {"fields": ("segment", "precedence")}),
        (_("How far back events count"), {"fields": ("window", "half_life")}),
        (_("Engagement bands"), {"fields": ("disengaged_from", "disengaged_to", "somewhat_to", "highly_to")}),
        (
            _("Health"),
            {
                "fields": (
                    "yellow_from",
                    "green_from",
                    "least_coverage",
                    "least_history",
                    "new_days_trial",
                    "new_days_active",
                    "unsent_is_unknown",
                )
            },
        ),
        (_("Dates"), {"fields": ("created_at", "published_at", "published_by", "retired_at")}),
    )

    @admin.display(description=_("version"), ordering="pk")
    def version(self, model: ScoringModel) -> str:
        return f"v{model.pk}"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ScoringModel | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.status == Status.DRAFT)

    def has_delete_permission(self, request: HttpRequest, obj: ScoringModel | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.status == Status.DRAFT)

    def get_urls(self) -> list[URLPattern]:
        doors = (("copy", self.copy), ("event-types", self.add_event_types))
        return [
            path(f"<path:object_id>/{name}/", self.admin_site.admin_view(door), name=f"scoring_scoringmodel_{name}")
            for name, door in doors
        ] + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show or save a version. A draft that was published while it was edited is not saved; a message says so."""
        model = self.get_object(request, unquote(object_id))
        is_draft = model is not None and model.status == Status.DRAFT
        if model is not None and not is_draft and request.method == "POST":
            return self._refuse(
                request, model, gettext("This version has been published in the meantime. Copy it to a draft.")
            )
        context = {"is_draft": is_draft, "not_weighed": not_weighed(model).count() if model and is_draft else 0}
        try:
            return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})
        except IntegrityError as refusal:
            return self._refuse(request, model, _first_line(refusal))

    @_of_version
    def copy(self, request: HttpRequest, model: ScoringModel) -> HttpResponse:
        if request.method != "POST":
            lines = [gettext("A copy of %(model)s is made, to be edited and published on its own.") % {"model": model}]
            title, button = gettext("Copy to a draft?"), gettext("Copy to a draft")
            return ask(request, self, original=model, title=title, paragraphs=lines, button=button)
        draft = versions.draft_from(model, now=timezone.now())
        self.log_addition(request, draft, gettext("Copied from %(model)s.") % {"model": model})
        self.message_user(request, gettext("This is your draft. Nothing changes before you publish it."))
        return redirect(CHANGE, draft.pk)

    @_of_version
    def add_event_types(self, request: HttpRequest, draft: ScoringModel) -> HttpResponse:
        if draft.status != Status.DRAFT:
            return self._refuse(request, draft, gettext("This version was published. Copy it to a draft."))
        form = EventTypesForm(draft, request.POST if request.method == "POST" else None)
        if form.is_valid():
            count = form.save()
            text = gettext("Event types added: %(count)s. Set their points below.") % {"count": count}
            self.message_user(request, text, messages.SUCCESS)
            return redirect(CHANGE, draft.pk)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "original": draft, "form": form}
        context["title"] = gettext("Add event types")
        return TemplateResponse(request, "admin/scoring/scoringmodel/add_event_types.html", context)

    def _refuse(self, request: HttpRequest, model: ScoringModel | None, reason: str) -> HttpResponseRedirect:
        self.message_user(request, reason, messages.ERROR)
        return redirect(CHANGE, model.pk) if model else redirect("admin:scoring_scoringmodel_changelist")


def _first_line(refusal: IntegrityError) -> str:
    return str(refusal).splitlines()[0]
