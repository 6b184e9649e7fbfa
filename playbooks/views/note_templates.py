"""The texts that notes begin with: leads and admins keep them."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from playbooks.forms.note_template import NoteTemplateForm
from playbooks.models import NoteTemplate
from playbooks.views.shared import ask_or_save
from staff.requests import StaffRequest, for_leads


@require_safe
@for_leads
def listed(request: StaffRequest) -> HttpResponse:
    return render(request, "playbooks/note_templates.html", {"templates": NoteTemplate.objects.all()})


@ask_or_save
@for_leads
def edit(request: StaffRequest, pk: int | None = None) -> HttpResponseBase:
    """Make a text, or change one; notes that were begun with it stay as they are."""
    held = None if pk is None else get_object_or_404(NoteTemplate, pk=pk)
    shown = None if held is None else {"title": held.title, "text": held.text}
    form = NoteTemplateForm(request.POST if request.method == "POST" else None, template=held, initial=shown)
    if form.is_bound and form.is_valid():
        saved = held or NoteTemplate(created_at=timezone.now())
        saved.title, saved.text = form.cleaned_data["title"], form.cleaned_data["text"]
        saved.save()
        messages.success(request, _("Changes saved."))
        return redirect("playbooks:note-templates")
    return render(request, "playbooks/note_template.html", {"form": form, "template": held})


@ask_or_save
@for_leads
def delete(request: StaffRequest, pk: int) -> HttpResponseBase:
    held = get_object_or_404(NoteTemplate, pk=pk)
    if "sure" in request.POST:
        held.delete()
        messages.success(request, _("Deleted."))
        return redirect("playbooks:note-templates")
    context = {"title": _("Delete “%(title)s”?") % {"title": held.title}, "button": _("Delete")}
    return render(request, "components/confirm_page.html", context)
