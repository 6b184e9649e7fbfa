"""A row opened in place: all its reasons, the last notes, the tasks that are due, and what can be done."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.days import business_day
from core.web.htmx import render_part
from desk.profile import conversations
from desk.profile.form_page import visible
from desk.today import rounds, words
from desk.today.presets import presets
from desk.today.reasons import ReasonKind
from playbooks.models import Task
from scoring.risk import wording
from staff.requests import StaffRequest

NOTES, TASKS = 2, 5


@require_safe
def opened(request: StaffRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    customer, today = visible(request, pk), business_day(now)
    entry = rounds.entry_of(request.user, pk, now)
    reasons = [] if entry is None else entry.reasons
    is_at_risk = any(reason.kind is ReasonKind.AT_RISK for reason in reasons)
    risks = wording.reasons([customer], today=today)[pk] if is_at_risk else []
    tasks = Task.objects.open().filter(customer=customer).select_related("assignee")
    context = {
        "customer": customer,
        "reasons": words.sentences(reasons, risks, today, most=None),
        "notes": conversations.newest_first(customer)[:NOTES],
        "tasks": tasks.soonest_first()[:TASKS],
        "presets": presets(now),
        "today": today,
    }
    return render_part(request, "desk/today/opened.html", "opened", context)
