"""Event types, for admins. What changes the meaning of stored events is previewed, and told again by a correction."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_protect

from core.admin import CLEANED, FilledIn
from events import event_type_acts
from events.corrections import lifecycle
from events.models import Correction, DailyCount, EventType

PREVIEW = "desk:correction"


class MergeForm(forms.Form):
    """Into which type another one is merged."""

    into = forms.ModelChoiceField(EventType.objects.none(), label=_("into"))

    def __init__(self, kind: EventType, data: Any = None) -> None:
        super().__init__(data)
        self._kind = kind
        field = self.fields["into"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = EventType.objects.offered().exclude(pk=kind.pk).order_by("name")

    def clean(self) -> Any:
        data = super().clean() or self.cleaned_data
        if "into" in data and (refusal := lifecycle.refuse_merge(self._kind, data["into"])):
            raise forms.ValidationError(refusal)
        return data


class Retired(FilledIn):
    title, parameter_name = _("retired"), "retired"
    column, words = "retired_at", (_("Offered"), _("Retired"))


class EventTypeAdmin(admin.ModelAdmin):
    """Event types. Their points are in scoring models, so scoring registers this page with a column for them."""

    formfield_overrides = CLEANED
    search_fields = ("name",)
    list_select_related = ("source", "merged_into")
    actions = ("retire", "offer_again")
    fields = (
        "name",
        "channel",
        "is_activity",
        "is_key_action",
        "is_touch",
        "is_intervention",
        "is_purchase",
        "unit",
        "merged_into",
        "retired_at",
        "source",
        "created_at",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: EventType | None = None) -> tuple[str, ...]:
        computed = ("source", "created_at", "merged_into", "retired_at")
        return computed if obj is None else ("name", *computed)  # events come in under the name

    def save_model(self, request: HttpRequest, obj: EventType, form: Any, change: bool) -> None:
        """Save it, all but what changes the meaning of events that are there: that is only asked for."""
        now, fields = (
            timezone.now(),
            {name: form.cleaned_data[name] for name in event_type_acts.FIELDS if name in form.cleaned_data},
        )
        if not change:
            made, _is_new = event_type_acts.make(obj.name, fields, now=now, by=request.user)  # type: ignore
            obj.pk, obj.created_at = made.pk, made.created_at
            return
        # Where the answer is made: Django hands it the object.
        obj.asked = event_type_acts.change(obj, fields, now=now, by=request.user)  # type: ignore

    def response_change(self, request: HttpRequest, obj: EventType) -> HttpResponse:
        asked: Correction | None = getattr(obj, "asked", None)
        if asked is None:
            return super().response_change(request, obj)
        text = gettext("The change concerns events that are stored: look at what it changes, then carry it out.")
        self.message_user(request, text, messages.WARNING)
        return redirect(PREVIEW, asked.pk)

    def get_urls(self) -> list[URLPattern]:
        merge = self.admin_site.admin_view(self.merge_view)
        return [path("<path:object_id>/merge/", merge, name="events_eventtype_merge"), *super().get_urls()]

    @method_decorator(csrf_protect)
    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask into which type; what that changes is previewed."""
        kind = self.get_object(request, unquote(object_id))
        if kind is None:
            raise Http404
        form = MergeForm(kind, request.POST if request.method == "POST" else None)
        if form.is_valid():
            into = form.cleaned_data["into"]
            return redirect(PREVIEW, lifecycle.merge(kind, into, now=timezone.now(), by=request.user).pk)  # type: ignore
        context = {**self.admin_site.each_context(request), "opts": self.opts, "original": kind, "form": form}
        context |= {"title": gettext("Merge into another type"), "button": gettext("Preview")}
        return TemplateResponse(request, "admin/events/eventtype/merge.html", context)

    @admin.action(description=_("Retire: offer them no more"))
    def retire(self, request: HttpRequest, queryset: QuerySet[EventType]) -> None:
        changed = queryset.filter(retired_at=None).update(retired_at=timezone.now())
        text = ngettext("%(count)s event type was retired.", "%(count)s event types were retired.", changed)
        self.message_user(request, text % {"count": changed}, messages.SUCCESS)

    @admin.action(description=_("Offer them again"))
    def offer_again(self, request: HttpRequest, queryset: QuerySet[EventType]) -> None:
        changed = queryset.exclude(retired_at=None).update(retired_at=None)
        text = ngettext("%(count)s event type is offered again.", "%(count)s event types are offered again.", changed)
        self.message_user(request, text % {"count": changed}, messages.SUCCESS)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, list[Any]]:
        """Refuse to delete what has events; a weight refuses by itself."""
        to_delete, counts, not_allowed, protected = super().get_deleted_objects(objs, request)
        # Foreign keys of the counts are not enforced (decision 1), so the database would not refuse.
        counted = Exists(DailyCount.objects.filter(event_type=OuterRef("pk")))
        used = EventType.objects.filter(counted, pk__in=[kind.pk for kind in objs]).order_by("name")
        protected += [gettext("the events of “%(name)s”") % {"name": kind.name} for kind in used]
        return to_delete, counts, not_allowed, protected
