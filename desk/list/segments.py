"""Saved views: the list of them, saving one, changing one."""

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

from customers import segments
from customers.models import Customer, Segment
from desk.list.filters import CustomerFilter
from staff.models import User
from staff.requests import StaffRequest


class ViewForm(forms.ModelForm):
    """Name and audience. Viewers keep their views to themselves."""

    class Meta:
        model = Segment
        fields = ["name", "is_shared"]
        labels = {"is_shared": gettext_lazy("Share with everybody")}

    def __init__(self, *args: object, by: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.by = by
        self.fields["name"].widget.attrs["class"] = "form-control"
        self.fields["is_shared"].widget.attrs["class"] = "form-check-input"
        if not by.may_act:
            del self.fields["is_shared"]

    def clean_name(self) -> str:
        """Refuse a name that another view of the same owner has."""
        name: str = self.cleaned_data["name"]
        owner = self.instance.owner if self.instance.pk else self.by
        if Segment.objects.filter(owner=owner, name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("You have a saved view of this name already."))
        return name


@require_http_methods(["GET", "HEAD", "POST"])
def views(request: StaffRequest) -> HttpResponse:
    form = ViewForm(request.POST or None, by=request.user)
    query = QueryDict(request.POST.get("query", ""))
    asked = CustomerFilter(query, queryset=Customer.objects.none())
    if form.is_valid():
        if asked.is_valid() and asked.query:
            view = segments.save(
                form.cleaned_data["name"],
                asked.query,
                is_shared=form.cleaned_data.get("is_shared", False),
                owner=request.user,
                now=timezone.now(),
            )
            messages.success(request, _("Saved as “%(name)s”.") % {"name": view.name})
            return redirect(f"{reverse('desk:customers')}?{view.as_query}")
        form.add_error(None, _("This question cannot be saved, because it cannot be answered."))
    return render(request, "desk/list/views/list.html", {"form": form, **_shown(request)})


def _shown(request: StaffRequest) -> dict[str, object]:
    seen = Segment.objects.visible_to(request.user).select_related("owner")
    return {"views": seen, "editable": set(_editable(request).values_list("pk", flat=True))}


def _editable(request: StaffRequest) -> QuerySet[Segment]:
    editable: QuerySet[Segment] = Segment.objects.editable_by(request.user)
    return editable


@require_http_methods(["GET", "HEAD", "POST"])
def view(request: StaffRequest, pk: int) -> HttpResponse:
    segment = get_object_or_404(_editable(request), pk=pk)
    if request.POST.get("act") == "delete":
        try:
            segments.delete(segment)
        except segments.InUse as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("“%(name)s” is deleted.") % {"name": segment.name})
        return redirect("desk:segments")
    form = ViewForm(request.POST or None, instance=segment, by=request.user)
    if form.is_valid():
        said = form.cleaned_data
        segments.change(segment, name=said["name"], is_shared=said.get("is_shared", segment.is_shared))
        return redirect("desk:segments")
    return render(request, "desk/list/views/form.html", {"form": form, "view": Segment.objects.get(pk=pk)})
