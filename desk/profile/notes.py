"""Notes, calls and meetings: all of them, logging one, and changing one's own."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import pagination
from core.pagination import Column, Keyset
from customers.models import Customer
from desk.forms.note import NoteForm
from desk.profile import conversations
from desk.profile.form_page import ask, ask_or_save, offered, visible
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
def add(request: StaffRequest, pk: int) -> HttpResponseBase:
    return _entered(request, visible(request, pk), None)


@ask_or_save
@acts
def edit(request: StaffRequest, pk: int, note: UUID) -> HttpResponseBase:
    """Change a note that the reader wrote; 403 for those of others."""
    customer = visible(request, pk)
    row = get_object_or_404(Note, customer=customer, id=note)
    if row.author_id != request.user.pk:
        raise PermissionDenied
    return _entered(request, customer, row)


def _entered(request: StaffRequest, customer: Customer, note: Note | None) -> HttpResponseBase:
    now = timezone.now()
    form = NoteForm(
        request.POST if request.method == "POST" else None,
        initial=None if note is None else NoteForm.shown(note),
        contacts=offered(customer, chosen=None if note is None else note.contact_id),
        now=now,
    )
    if form.is_bound and form.is_valid():
        row = {"customer_id": customer.pk, "author_id": request.user.pk, **form.row()}
        notes.write([row if note is None else {"id": note.id, **row}], now=now)
        messages.success(request, _("Logged.") if note is None else _("Changes saved."))
        return redirect("desk:customer", customer.pk)
    return ask(request, customer, form, title=_("Log a call, a meeting or a note") if note is None else _("Edit note"))
