"""A survey as people will see it: the page and the mails, in each of its languages, and a mail to oneself."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from staff.requests import StaffRequest, acts
from surveys import mails, trial
from surveys.mails import Invitations, Reminders
from surveys.models import Survey
from surveys.views import words

MAILS = {"mail": Invitations.template, "reminder": Reminders.template}
# A mail has its styles in itself, as mails must, and its logo from the address people reach us at.
OF_A_MAIL = {"style-src": [SELF, UNSAFE_INLINE], "img-src": [SELF, settings.PUBLIC_ADDRESS], "frame-ancestors": [SELF]}


@require_safe
@csp_update({"frame-src": [SELF]})
def preview(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the frames of one language: what is asked for, else the reader's, else the survey's first."""
    survey = get_object_or_404(Survey, pk=pk)
    language = survey.language_for(request.GET.get("language", "") or get_language() or "")
    context = {
        "survey": survey,
        "language": language,
        "languages": [(code, name) for code, name in settings.LANGUAGES if code in survey.languages],
        "text": trial.message(survey, language, request.user.email).body,
        "no_mail_server": not words.reaches_people(),
    }
    return render(request, "surveys/preview.html", context)


@require_safe
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
def page_preview(request: StaffRequest, pk: int, language: str) -> HttpResponseBase:
    """Show the public page of a survey for a frame of ours; what is sent from it leads nowhere."""
    shown: HttpResponseBase = import_string("surveys.views.public.pages.preview")(_in(pk, language), language)
    return shown


@require_safe
@xframe_options_sameorigin
@csp_replace(OF_A_MAIL)
def mail_preview(request: StaffRequest, pk: int, language: str, which: str) -> HttpResponseBase:
    """Show a mail of a survey for a frame of ours; its links lead nowhere."""
    survey = _in(pk, language)
    if which not in MAILS:
        raise Http404
    mail = mails.message(survey, request.user.email, language, trial.TOKEN, MAILS[which])
    return HttpResponse(str(mail.alternatives[0][0]))


@require_POST
@acts
def test(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Send the mail to who asks for it."""
    survey = get_object_or_404(Survey, pk=pk)
    trial.send(survey, request.POST.get("language", ""), to=request.user, now=timezone.now())
    messages.success(request, _("A test is on its way to %(address)s.") % {"address": request.user.email})
    return redirect("surveys:preview", pk)


def _in(pk: int, language: str) -> Survey:
    """Return the survey if it speaks the language, else answer 404. One query."""
    survey = get_object_or_404(Survey, pk=pk)
    if language not in survey.languages:
        raise Http404
    return survey
