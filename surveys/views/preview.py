"""A survey as people will see it: the page and the mails, in each of its languages, and a mail to oneself."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from csp.constants import SELF, UNSAFE_INLINE
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.outbox.mail import reaches_people
from staff.requests import StaffRequest, acts
from surveys.kinds import GROUPS
from surveys.models import Survey
from surveys.sending import mails, test_mails
from surveys.sending.mails import Invitations, Reminders
from surveys.views import examples
from surveys.views.public import pages

MAILS = {"mail": Invitations.template, "reminder": Reminders.template}
# A mail has its styles in itself, as mails must, and its logo from the address people reach us at.
OF_A_MAIL = {"style-src": [SELF, UNSAFE_INLINE], "img-src": [SELF, settings.PUBLIC_ADDRESS], "frame-ancestors": [SELF]}


@require_safe
def preview(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the frames of one language: what is asked for, else the reader's, else the survey's first."""
    survey = get_object_or_404(Survey, pk=pk)
    language = survey.language_for(request.GET.get("language", "") or get_language() or "")
    context = {
        "survey": survey,
        "spoken": language,
        "languages": [(code, name) for code, name in settings.LANGUAGES if code in survey.languages],
        "groups": examples.groups(survey),
        "text": test_mails.message(survey, language, request.user.email).body,
        "no_mail_server": not reaches_people(),
    }
    return _under(render(request, "surveys/preview.html", context), {"frame-src": [SELF]})


@require_safe
def page_preview(request: StaffRequest, pk: int, language: str) -> HttpResponseBase:
    """Show the public page of a survey for a frame of ours, or what comes `after` an answer of a group."""
    survey, after = _in(pk, language), request.GET.get("after")
    if after is None:
        shown = pages.preview(survey, language)
    elif after in {group.name for group in examples.groups(survey)}:
        shown = examples.thanks(survey, language, GROUPS[after])
    else:
        raise Http404
    return _framed(shown, {"frame-ancestors": [SELF]})


@require_safe
def mail_preview(request: StaffRequest, pk: int, language: str, which: str) -> HttpResponseBase:
    """Show a mail of a survey for a frame of ours; its links lead nowhere."""
    survey = _in(pk, language)
    if which not in MAILS:
        raise Http404
    mail = mails.message(survey, request.user.email, language, test_mails.TOKEN, MAILS[which])
    # In a frame of its own, because a mail's inline styles are allowed by its policy alone.
    return _framed(HttpResponse(str(mail.alternatives[0][0])), OF_A_MAIL)


@require_POST
@acts
def test(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Send the mail to the colleague who pressed the button."""
    language = request.POST.get("language", "")
    survey = get_object_or_404(Survey, pk=pk)
    if language in survey.languages:
        test_mails.send(survey, language, to=request.user, now=timezone.now())
        messages.success(request, _("Sending a test to %(address)s.") % {"address": request.user.email})
    return redirect(f"{reverse('surveys:preview', args=[pk])}?{urlencode({'language': language})}")


def _framed(response: HttpResponse, policy: Mapping[str, Any]) -> HttpResponse:
    """Let pages of ours show it in a frame."""
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return _under(response, policy)


def _under(response: HttpResponse, policy: Mapping[str, Any]) -> HttpResponse:
    """Put the response under other rules of the Content-Security-Policy, where these name any."""
    response._csp_replace = dict(policy)  # type: ignore[attr-defined] # as django-csp's decorators do
    return response


def _in(pk: int, language: str) -> Survey:
    """Return the survey if it speaks the language, else answer 404. One query."""
    survey = get_object_or_404(Survey, pk=pk)
    if language not in survey.languages:
        raise Http404
    return survey
