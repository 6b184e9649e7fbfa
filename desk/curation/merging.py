"""Merging two customers or two contacts: choose the other, look at both side by side, merge."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.curation import Refused
from desk.curation import previews
from desk.curation.choosing import asked, choose
from desk.curation.done import say_done
from desk.curation.previews import Preview
from desk.curation.subjects import CONTACTS, CUSTOMERS, Subject, follows_merges, merged_into, number_in
from desk.profile.field_words import FieldWords
from desk.profile.form_page import ask_or_save
from staff.requests import StaffRequest, acts


@ask_or_save
@acts
@follows_merges(CUSTOMERS)
def merge_customers(request: StaffRequest, pk: int) -> HttpResponseBase:
    return _merge(request, CUSTOMERS, pk)


@ask_or_save
@acts
@follows_merges(CONTACTS)
def merge_contacts(request: StaffRequest, pk: int) -> HttpResponseBase:
    return _merge(request, CONTACTS, pk)


def _merge(request: StaffRequest, subject: Subject, pk: int) -> HttpResponseBase:
    """Show what merging `?with=` into this one does; do it when that was confirmed."""
    kept, number = subject.found(request.user, pk), request.GET.get("with", "")
    gone = subject.asked_for(request.user, number)
    if gone is None and (merged := _already(request, subject, kept, number)):
        return merged
    if gone is None or gone == kept:
        return _choose(request, subject, kept, problem=str(subject.nobody) if number else "")
    preview = subject.preview_merge(kept, gone)
    problem = preview.refusal
    if "sure" in request.POST and not problem:
        try:
            wins = previews.wins(preview, _taken(request, preview))
            act = subject.merge(kept, gone, wins=wins, now=timezone.now(), by=request.user)
        except Refused as refusal:
            problem = str(refusal)
        else:
            say_done(request, act, _("“%(gone)s” was merged into “%(kept)s”.") % {"gone": gone, "kept": kept})
            return redirect(subject.page, kept.pk)
    return _show(request, subject, kept, gone, preview, problem)


def _already(request: StaffRequest, subject: Subject, kept: Any, number: str) -> HttpResponseBase | None:
    """Answer who comes second: the two are one. Two queries at most."""
    pk = number_in(number)
    if pk is None or merged_into(subject, request.user, pk) != kept:
        return None
    messages.warning(request, _("“%(name)s” and the other one are merged already.") % {"name": kept})
    return redirect(subject.page, kept.pk)


def _taken(request: StaffRequest, preview: Preview) -> set[str]:
    """Return the fields whose value is taken from the one that goes; a field that was not sent is as proposed."""
    return {field.name for field in preview.fields if request.POST.get(f"field-{field.name}", field.wins) == "gone"}


def _choose(request: StaffRequest, subject: Subject, kept: Any, *, problem: str) -> HttpResponse:
    text = asked(request, str(kept))
    found = [row for row in subject.alike(request.user, text) if row != kept]
    return choose(request, kept, found, title=str(subject.which), text=text, parameter="with", problem=problem)


def _show(
    request: StaffRequest, subject: Subject, kept: Any, gone: Any, preview: Preview, problem: str
) -> HttpResponse:
    fields = preview.fields
    words = FieldWords([(field.name, (field.kept, field.gone)) for field in fields], user=request.user)
    taken = _taken(request, preview)
    rows = [
        (field, words.word(field.name, field.kept), words.word(field.name, field.gone), field.name in taken)
        for field in fields
    ]
    context = {"subject": subject, "kept": kept, "gone": gone, "preview": preview, "rows": rows, "problem": problem}
    return render(request, "desk/curation/merge.html", context, status=409 if request.method == "POST" else 200)
