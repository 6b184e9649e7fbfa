"""Notes, calls, meetings and e-mails: all of them, and changing one's own. Logging is in desk/log."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import pagination
from core.pagination import Column, Keyset
from customers.models import Customer
from desk.forms.note import NoteForm
from desk.log import mentions
from desk.profile import conversations, form_page
from desk.profile.form_page import ask, ask_or_save, confirm, offered, visible
from records import notes
from records.models import Note
from staff.requests import StaffRequest, acts

NEWEST_FIRST = Keyset((Column("at", descending=True), Column("id")))


@require_safe
def listed(request: StaffRequest, pk: int) -> HttpResponse:
    customer = visible(request, pk)
    page = pagination.page(conversations.newest_first(customer), NEWEST_FIRST, request.GET.get("cursor"))
    return render(request, "desk/forms/notes.html", {"customer": customer, "page": page})


@ask_or_save
@acts
def edit(request: StaffRequest, pk: int, note: UUID) -> HttpResponseBase:
    """Change a note that the reader wrote; 403 for those of others."""
    customer = visible(request, pk)
    return _entered(request, customer, _own(request, customer, note))


@ask_or_save
@acts
def delete(request: StaffRequest, pk: int, note: UUID) -> HttpResponseBase:
    """Ask whether a note that the reader wrote is to be deleted; delete it when that was confirmed."""
    customer = visible(request, pk)
    row = _own(request, customer, note)
    if "confirmed" in request.POST:
        form_page.delete(row, by=request.user)
        messages.success(request, _("Deleted."))
        return redirect("desk:customer", customer.pk)
    back = reverse("desk:note", args=[customer.pk, row.id])
    return confirm(request, customer, title=_("Delete this note?"), back=back)


def _own(request: StaffRequest, customer: Customer, note: UUID) -> Note:
    """Return a note that the reader wrote; 403 for those of others."""
    row = get_object_or_404(Note, customer=customer, id=note)
    if row.author_id != request.user.pk:
        raise PermissionDenied
    return row


def _entered(request: StaffRequest, customer: Customer, note: Note) -> HttpResponseBase:
    now = timezone.now()
    form = NoteForm(
        request.POST if request.method == "POST" else None,
        initial=NoteForm.shown(note),
        contacts=offered(customer, chosen=note.contact_id),
        now=now,
    )
    if form.is_bound and form.is_valid():
        row = {"customer_id": customer.pk, "id": note.id, "author_id": request.user.pk, **form.row()}
        with transaction.atomic():
            [written] = notes.write([row], now=now, by=request.user)
            mentions.tell(customer, written, by=request.user, now=now)
        messages.success(request, _("Changes saved."))
        return redirect("desk:customer", customer.pk)
    remove = reverse("desk:delete-note", args=[customer.pk, note.id])
    return ask(request, customer, form, title=_("Edit note"), remove=remove)
