"""Deleting a customer or a contact that should not exist, and the list of those that were."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import pagination
from core.pagination import Column, Keyset
from customers.curation import Refused, removals
from desk.curation.done import say_done
from desk.curation.forms import DeletionForm
from desk.curation.previews import names_in_words
from desk.curation.subjects import CONTACTS, CUSTOMERS, Subject, follows_merges
from desk.profile.form_page import ask_or_save
from staff.requests import StaffRequest, for_leads

NEWEST_FIRST = Keyset((Column("at", descending=True), Column("pk", descending=True)))


@ask_or_save
@for_leads
@follows_merges(CUSTOMERS)
def delete_customer(request: StaffRequest, pk: int) -> HttpResponseBase:
    return _delete(request, CUSTOMERS, pk)


@ask_or_save
@for_leads
@follows_merges(CONTACTS)
def delete_contact(request: StaffRequest, pk: int) -> HttpResponseBase:
    return _delete(request, CONTACTS, pk)


@require_safe
@for_leads
def deleted(request: StaffRequest) -> HttpResponse:
    page = pagination.page(removals.removed(), NEWEST_FIRST, request.GET.get("cursor"))
    rows = [(act, names_in_words(act.detail["names"])) for act in page.rows]
    return render(request, "desk/curation/deleted.html", {"page": page, "rows": rows})


def _delete(request: StaffRequest, subject: Subject, pk: int) -> HttpResponseBase:
    """Show what deleting does; do it when a reason was given."""
    row = subject.found(request.user, pk)
    form = DeletionForm(request.POST if request.method == "POST" else None)
    preview = subject.preview_deletion(row)
    if form.is_bound and form.is_valid() and not preview.refusal:
        try:
            act = subject.remove(row, reason=form.cleaned_data["reason"], now=timezone.now(), by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            say_done(request, act, _("“%(name)s” was deleted.") % {"name": row})
            return redirect("desk:removed")
    context = {"form": form, "row": row, "page": subject.page, "preview": preview}
    return render(request, "desk/curation/delete.html", context, status=400 if form.errors else 200)
