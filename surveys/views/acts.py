"""Starting, closing, copying and deleting a survey; steps that cannot be undone are confirmed first."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from core.templatetags.show import long_day
from staff.requests import StaffRequest, for_leads
from surveys import lifecycle
from surveys.lifecycle import InvalidState
from surveys.models import Survey, SurveyStatus
from surveys.questionnaire import checking
from surveys.views.decorators import get_or_post, is_confirmed


@get_or_post
@for_leads
def start(request: StaffRequest, pk: int) -> HttpResponseBase:
    survey = get_object_or_404(Survey.objects.select_related("before"), pk=pk, status=SurveyStatus.DRAFT)
    if is_confirmed(request):
        try:
            lifecycle.start(survey, now=timezone.now())
        except InvalidState as refusal:
            return _refused(request, survey, refusal)
        messages.success(request, _("Survey started. Nobody is asked until you send it or share its link."))
        return redirect("surveys:survey", pk)
    # Checked before the confirmation is shown; `lifecycle.start` checks again with the row locked.
    if checking.problems(survey):
        messages.error(request, _("Something is missing. Look at what is marked, save, then start it."))
        return redirect("surveys:edit", pk)
    lines = [
        _("It accepts answers from now on. Nobody is asked until you send it or share its link."),
        _("Its questions can no longer change then; to change them, make a new version."),
    ]
    if survey.closes_on is not None:
        lines.append(_("It closes automatically after %(day)s.") % {"day": long_day(survey.closes_on)})
    if survey.before is not None and survey.before.status == SurveyStatus.RUNNING:
        lines.append(
            _("“%(before)s” is closed and its survey distributions end. Its answers stay.") % {"before": survey.before}
        )
    return _confirmation(request, survey, title=_("Start this survey?"), sentences=lines, button=_("Start"))


@get_or_post
@for_leads
def close(request: StaffRequest, pk: int) -> HttpResponseBase:
    survey = get_object_or_404(Survey, pk=pk, status=SurveyStatus.RUNNING)
    if is_confirmed(request):
        try:
            lifecycle.close(survey, now=timezone.now())
        # It may have closed by itself since the page was shown.
        except InvalidState as refusal:
            return _refused(request, survey, refusal)
        messages.success(request, _("Survey closed. Its answers stay."))
        return redirect("surveys:survey", pk)
    lines = [
        _("It accepts no more answers, not even from contacts who already have the e-mail; its links stop working."),
        _("Its survey distributions end, and e-mails not yet sent are cancelled. Its answers and results stay."),
        _("It cannot be opened again. A copy or a new version can."),
    ]
    return _confirmation(
        request, survey, title=_("Close this survey?"), sentences=lines, button=pgettext("survey", "Close")
    )


@get_or_post
@for_leads
def new_version(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Ask, then lead to the draft that will take this survey's place."""
    survey = get_object_or_404(
        Survey.objects.select_related("after"), pk=pk, status__in=[SurveyStatus.RUNNING, SurveyStatus.CLOSED]
    )
    # The reverse of a one-to-one raises where there is none. A second click leads to the draft that stands.
    if hasattr(survey, "after"):
        return redirect("surveys:survey", survey.after.pk)
    if is_confirmed(request):
        draft = lifecycle.new_version(survey, now=timezone.now(), by=request.user)
        messages.success(request, _("This is the draft of the next version. Nothing changes before you start it."))
        return redirect("surveys:edit", draft.pk)
    lines = [
        _("A draft with the same questions is created. Change it as you like; nobody sees it before you start it."),
        _("When it starts, this version is closed and its survey distributions end; set up new ones then."),
        _("Answers stay with the version they belong to, so answers to different questions are never mixed."),
    ]
    return _confirmation(
        request, survey, title=_("Make a new version?"), sentences=lines, button=_("Make a new version")
    )


@get_or_post
@for_leads
def delete(request: StaffRequest, pk: int) -> HttpResponseBase:
    survey = get_object_or_404(Survey, pk=pk, status=SurveyStatus.DRAFT)
    if is_confirmed(request):
        try:
            lifecycle.delete(survey)
        except InvalidState as refusal:
            return _refused(request, survey, refusal)
        messages.success(request, _("“%(survey)s” is deleted.") % {"survey": survey})
        return redirect("surveys:list")
    lines = [_("The draft and all its texts are deleted for good. It was never sent.")]
    return _confirmation(request, survey, title=_("Delete this draft?"), sentences=lines, button=_("Delete"))


@require_POST
@for_leads
def copy(request: StaffRequest, pk: int) -> HttpResponseBase:
    survey = get_object_or_404(Survey, pk=pk)
    # No page that asks: copying changes nothing that exists, so the button itself confirms.
    if not is_confirmed(request):
        return redirect("surveys:survey", pk)
    made = lifecycle.copy(survey, now=timezone.now(), by=request.user)
    messages.success(request, _("This is your copy, a draft of its own."))
    return redirect("surveys:edit", made.pk)


def _refused(request: StaffRequest, survey: Survey, refusal: InvalidState) -> HttpResponseBase:
    messages.error(request, str(refusal))
    return redirect("surveys:survey", survey.pk)


def _confirmation(request: StaffRequest, survey: Survey, **context: Any) -> HttpResponse:
    return render(request, "surveys/confirm.html", {"survey": survey, **context})
