"""Pages of segments: the list of them, saving one, changing one."""

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.web.forms import NameField
from customers import segments
from customers.models import Customer, Segment
from desk.list.list_filter import ListFilter
from staff.models import User
from staff.requests import StaffRequest


class SegmentForm(forms.ModelForm):
    """Name and audience. Viewers keep their segments to themselves."""

    class Meta:
        model = Segment
        fields = ["name", "is_shared"]
        labels = {"is_shared": gettext_lazy("Share with everyone")}
        field_classes = {"name": NameField}

    def __init__(self, *args: object, by: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.by = by
        self.fields["name"].widget.attrs["class"] = "form-control"
        self.fields["is_shared"].widget.attrs["class"] = "form-check-input"
        # Taken out, not disabled: what is not a field cannot be sent either.
        if not by.may_act:
            del self.fields["is_shared"]

    def clean_name(self) -> str:
        """Refuse a name that another segment of the same owner has."""
        name: str = self.cleaned_data["name"]
        owner = self.instance.owner if self.instance.pk else self.by
        if Segment.objects.filter(owner=owner, name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("You already have a segment with this name."))
        return name


@require_http_methods(["GET", "HEAD", "POST"])
def segment_list(request: StaffRequest) -> HttpResponse:
    form = SegmentForm(request.POST or None, by=request.user)
    query = QueryDict(request.POST.get("query", ""))
    filterset = ListFilter(query, queryset=Customer.objects.none())
    if form.is_valid():
        if filterset.is_valid() and filterset.query:
            segment = segments.save(
                form.cleaned_data["name"],
                filterset.as_segment,
                is_shared=form.cleaned_data.get("is_shared", False),
                by=request.user,
                now=timezone.now(),
            )
            messages.success(request, _("Saved as “%(name)s”.") % {"name": segment.name})
            return redirect(f"{reverse('desk:customers')}?{segment.as_query}")
        form.add_error(None, _("This filter is not valid, so it cannot be saved."))
    return render(request, "desk/list/segments/list.html", {"form": form, **_listed(request)})


def _listed(request: StaffRequest) -> dict[str, object]:
    visible = Segment.objects.visible_to(request.user).select_related("owner")
    return {"segments": list(visible), "editable": set(_editable(request).values_list("pk", flat=True))}


def _editable(request: StaffRequest) -> QuerySet[Segment]:
    editable: QuerySet[Segment] = Segment.objects.editable_by(request.user)
    return editable


@require_http_methods(["GET", "HEAD", "POST"])
def segment_detail(request: StaffRequest, pk: int) -> HttpResponse:
    segment = get_object_or_404(_editable(request), pk=pk)
    if request.POST.get("act") == "delete":
        try:
            segments.delete(segment)
        except segments.InUse as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("“%(name)s” is deleted.") % {"name": segment.name})
        return redirect("desk:segments")
    form = SegmentForm(request.POST or None, instance=segment, by=request.user)
    if form.is_valid():
        data = form.cleaned_data
        segments.change(
            segment, name=data["name"], is_shared=data.get("is_shared", segment.is_shared), now=timezone.now()
        )
        return redirect("desk:segments")
    # Read again: validating a model form writes the refused values onto its instance.
    return render(request, "desk/list/segments/form.html", {"form": form, "segment": Segment.objects.get(pk=pk)})
