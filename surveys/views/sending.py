"""Survey distributions: recipients and timing, a forecast, then the start; and ending one that continues."""

from datetime import timedelta
from math import ceil
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.days import business_day
from core.outbox.mail import reaches_people
from staff.requests import StaffRequest, acts
from surveys.forms.sending import SendForm
from surveys.lifecycle import InvalidState
from surveys.models import Dropped, Survey, SurveyStatus, Wave
from surveys.sending import dispatch, distributions, rules
from surveys.views import words
from surveys.views.decorators import get_or_post, is_confirmed


@get_or_post
@acts
def send(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Show the form for recipients and timing, and the forecast once it is complete; a POST starts the distribution."""
    survey = get_object_or_404(Survey, pk=pk, status=SurveyStatus.RUNNING)
    now = timezone.now()
    # From the address for a POST too: what begins is exactly what was forecast.
    form = SendForm(request.GET.dict() if "rule" in request.GET else None, survey=survey, by=request.user, now=now)
    wave = form.wave() if form.is_bound and form.is_valid() else None
    if request.method == "POST" and wave is not None:
        return _begun(request, wave)
    context = {
        "survey": survey,
        "form": form,
        "no_mail_server": not reaches_people(),
        "forecast": _forecast(wave, request) if wave else None,
    }
    return render(request, "surveys/send.html", context, status=400 if form.errors else 200)


def _begun(request: StaffRequest, wave: Wave) -> HttpResponseBase:
    try:
        distributions.begin(wave, now=timezone.now())
    except InvalidState as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Sending. E-mails leave within a minute; progress is shown here."))
    return redirect("surveys:survey", wave.survey_id)


def _forecast(wave: Wave, request: StaffRequest) -> dict[str, Any]:
    """Return the forecast as the page shows it."""
    counts = dispatch.forecast(wave, now=wave.starts_at)
    count, rule = counts.pop("asked"), rules.get(wave.rule)
    labels = dict(Dropped.choices)
    last_day = business_day(wave.starts_at) + timedelta(days=wave.days - 1)
    closes_on = wave.survey.closes_on
    return {
        "asked": count,
        "not_asked": sorted(((n, labels[why]) for why, n in counts.items()), reverse=True),
        "left_out": sum(counts.values()),
        "is_steady": rule.is_continuous,
        "a_day": ceil(count / wave.days) if rule.is_spread else None,
        "ends_early": rule.is_spread and closes_on is not None and closes_on < last_day,
        "how": rule.words(wave),
        "to": words.recipients(wave, request.user),
        "customers": words.customers_of(wave),
        "again": request.GET.urlencode(),
    }


@require_POST
@acts
def end(request: StaffRequest, pk: int, wave: int) -> HttpResponseBase:
    """End a distribution: admins and leads may, and the colleague who started it."""
    distribution = get_object_or_404(Wave, pk=wave, survey=pk)
    if not request.user.may_lead and distribution.by_id != request.user.pk:
        raise PermissionDenied
    if is_confirmed(request) and distributions.end(distribution, now=timezone.now()):
        messages.success(request, _("Distribution ended. Contacts who already have the e-mail can still answer."))
    return redirect("surveys:survey", pk)
