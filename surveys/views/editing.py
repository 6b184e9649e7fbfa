"""A survey changed: a draft as a whole; of what runs, what no answer rests on."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.days import business_day
from staff.requests import StaffRequest, for_leads
from surveys.forms.editor import EditConflict, Editor
from surveys.forms.question import TYPES
from surveys.lifecycle import InvalidState
from surveys.models import Survey, SurveyStatus
from surveys.views.decorators import get_or_post
from surveys.views.detail import asked_in

AFTER_SAVING = {"preview": "surveys:preview", "start": "surveys:start"}


@get_or_post
@for_leads
def edit(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Show the form; a POST saves all of it, or adds, moves and takes out questions and shows it again."""
    survey = get_object_or_404(Survey.objects.exclude(status=SurveyStatus.CLOSED).select_related("logo"), pk=pk)
    today = business_day(timezone.now())
    if request.method != "POST":
        return _shown(request, survey, Editor(survey, today=today))
    editor, act = Editor(survey, request.POST, request.FILES, today=today), request.POST.get("act", "save")
    # Adding and moving questions posts the whole form and shows it again unsaved, so it works without JavaScript.
    if act not in ("save", *AFTER_SAVING):
        editor.act(act)
        return _shown(request, survey, editor)
    return _saved(request, survey, editor) or _shown(request, survey, editor, status=400)


def _saved(request: StaffRequest, survey: Survey, editor: Editor) -> HttpResponseBase | None:
    """Save, and lead on; None when something is wrong, which the form says then."""
    if not editor.is_valid():
        return None
    try:
        editor.save()
    # The editor has put the reasons beside the fields.
    except ValidationError:
        return None
    # Not an error page: what was typed must not be lost.
    except (EditConflict, InvalidState) as refusal:
        editor.errors.append(str(refusal))
        return None
    if survey.status != SurveyStatus.DRAFT:
        messages.success(request, _("Saved."))
        return redirect("surveys:survey", survey.pk)
    messages.success(request, _("Saved. Nobody sees it before you start it."))
    return redirect(AFTER_SAVING.get(request.POST.get("act", ""), "surveys:survey"), survey.pk)


def _shown(request: StaffRequest, survey: Survey, editor: Editor, status: int = 200) -> HttpResponse:
    context = {
        "survey": survey,
        "editor": editor,
        "is_refused": status != 200,
        "types": TYPES.items(),
        "questions": [] if editor.is_draft else asked_in(survey),
    }
    return render(request, "surveys/edit.html", context, status=status)
