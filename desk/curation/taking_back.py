"""Undoing a merge, a move or a deletion, and releasing the ids of what was deleted; each after a page to confirm."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.show import number
from core.web.back import back_to
from customers.curation import Refused, refusals, removals, undoing
from customers.models import Act
from desk.curation import done
from desk.profile.form_page import ask_or_save
from desk.timeline import act_words
from desk.timeline.acts import UNDOABLE
from staff.requests import StaffRequest, acts, for_leads


@ask_or_save
@acts
def undo(request: StaffRequest, pk: int) -> HttpResponseBase:
    act = done.found(request.user, pk)
    if act.kind not in UNDOABLE:
        raise Http404
    if not done.may_undo(act, request.user):
        raise PermissionDenied
    problem = undoing.refusal(act)
    if "sure" in request.POST and not problem:
        try:
            undone = undoing.undo(act, now=timezone.now(), by=request.user)
        except Refused as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _undone_message(undone))
            return redirect(back_to(request, done.page_of(act, request.user)))
    sentences = [
        _("Customers whose owner was changed since then stay with their new owner.")
        if act.kind == Act.Kind.OWNER
        else _("What came in since then stays with those it is about.")
    ]
    return _confirm(request, act, title=_("Undo this?"), sentences=sentences, button=_("Undo"), problem=problem)


def _undone_message(undone: Act) -> str:
    n = undone.detail.get("changed_since", 0)
    if not n:
        return _("Undone.")
    words = ngettext(
        "Undone. %(n)s customer has another owner since and keeps it.",
        "Undone. %(n)s customers have another owner since and keep it.",
        n,
    )
    return words % {"n": number(n)}


@ask_or_save
@for_leads
def release(request: StaffRequest, pk: int) -> HttpResponseBase:
    act = done.found(request.user, pk)
    if act.kind != Act.Kind.REMOVAL:
        raise Http404
    problem = refusals.release(act)
    if "sure" in request.POST and not problem:
        try:
            removals.release(act, now=timezone.now(), by=request.user)
        except Refused as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("The ids are released."))
            return redirect("desk:removed")
    sentences = [
        _("The next message under one of these ids makes a customer or contact anew."),
        _("What was deleted stays deleted, and can no longer be undone."),
    ]
    return _confirm(
        request, act, title=_("Release these ids?"), sentences=sentences, button=_("Release"), problem=problem
    )


def _confirm(
    request: StaffRequest, act: Act, *, title: str, sentences: list[str], button: str, problem: str
) -> HttpResponse:
    context = {
        "title": title,
        "what": act_words.sentence(act, {}),
        "act": act,
        "sentences": sentences,
        "button": button,
        "problem": problem,
        "back": done.page_of(act, request.user),
    }
    return render(request, "desk/curation/confirm.html", context, status=409 if request.method == "POST" else 200)
