"""Following up one answer; answers of confidential surveys are never shown singly, so none is followed up."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.days import business_day
from core.web.back import back_to
from staff.requests import StaffRequest, acts
from surveys.answering import follow_up
from surveys.models import Answer, Theme


def _answer_of(request: StaffRequest, customer: int, answer: UUID) -> Answer:
    rows = Answer.objects.visible_to(request.user).named().select_related("customer", "contact", "survey", "closed_by")
    return get_object_or_404(rows, customer_id=customer, id=answer)


@require_http_methods(["GET", "HEAD", "POST"])
@acts
def close(request: StaffRequest, customer: int, answer: UUID) -> HttpResponseBase:
    """Ask what was done, or note it and close the follow-up."""
    unhappy = _answer_of(request, customer, answer)
    back = back_to(request, reverse("surveys:inbox"))
    # PostgreSQL refuses NUL in a text.
    note = request.POST.get("note", "").strip().replace("\0", "")
    is_too_long = len(note) > follow_up.LONGEST_NOTE
    if "note" in request.POST and not is_too_long:
        if follow_up.close(unhappy, note=note, by=request.user, now=timezone.now()):
            messages.success(request, _("Follow-up closed."))
        else:
            messages.info(request, _("It was already followed up."))
        return redirect(back)
    context = {
        "answer": unhappy, "back": back, "note": note, "is_too_long": is_too_long, "most": follow_up.LONGEST_NOTE,
        "today": business_day(timezone.now()),
    }  # fmt: skip
    return render(request, "surveys/results/close.html", context, status=422 if is_too_long else 200)


@require_POST
@acts
def reopen(request: StaffRequest, customer: int, answer: UUID) -> HttpResponseBase:
    follow_up.reopen(_answer_of(request, customer, answer))
    messages.success(request, _("Follow-up reopened."))
    return redirect(back_to(request, reverse("surveys:inbox")))


@require_POST
@acts
def theme(request: StaffRequest, customer: int, answer: UUID) -> HttpResponse:
    """Put a theme on a comment, or take it off (`remove`)."""
    commented = _answer_of(request, customer, answer)
    removed, put = request.POST.get("remove", "")[:50], request.POST.get("theme", "")[:50]
    if removed:
        # Not looked up: an answer holds the name, which comes off even when its theme was deleted.
        follow_up.tag(commented, Theme(name=removed), remove=True)
    elif put:
        follow_up.tag(commented, get_object_or_404(Theme, name=put.replace("\0", "")))
    return redirect(back_to(request, reverse("surveys:comments", args=[commented.survey_id])))
