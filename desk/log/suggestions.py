"""A suggested next step made a task, with one click."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.days import business_day
from core.web.back import back_to
from core.web.htmx import wants_part
from desk.profile.form_page import visible
from desk.profile.next_steps import KEYS
from playbooks import lifecycle
from playbooks.models import TaskKind, TaskOrigin
from staff.requests import StaffRequest, acts

TO_CALL = ("departed", "champion", "never-touched", "out-of-touch", "at-risk", "still-at-risk")


@require_POST
@acts
def make_task(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Put a suggestion on the reader's list, due today; one that is a task already stays that task."""
    customer = visible(request, pk)
    key, title, now = request.POST.get("suggestion", ""), request.POST.get("title", ""), timezone.now()
    if key not in KEYS:
        return HttpResponse(status=400)
    try:
        task = lifecycle.add(
            customer,
            title=title,
            kind=TaskKind.CALL if key in TO_CALL else TaskKind.OTHER,
            assignee=request.user,
            due_on=business_day(now),
            origin=TaskOrigin.SUGGESTION,
            suggestion=key,
            by=request.user,
            now=now,
        )
    except lifecycle.Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect(reverse("desk:customer", args=[customer.pk]))
    if wants_part(request):
        return render(request, "desk/log/made.html", {"task": task, "today": business_day(now)})
    messages.success(request, _("Task added: %(task)s") % {"task": task})
    return redirect(back_to(request, reverse("desk:customer", args=[customer.pk])))
