"""The tasks of a colleague, of a team, of all they may see."""

from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import pagination
from core.days import business_day
from core.web.htmx import render_part
from playbooks.filters import ME, WEEK, TaskFilter
from playbooks.models import Task, TaskState
from staff.requests import StaffRequest

# What the page shows unless its address says otherwise; there, too, so that its form shows it.
USUAL = {"assignee": ME, "state": TaskState.OPEN.value}


@require_safe
def tasks(request: StaffRequest) -> HttpResponse:
    today = business_day(timezone.now())
    visible = Task.objects.visible_to(request.user)
    params = request.GET.copy()
    for name, value in USUAL.items():
        params.setdefault(name, value)
    filterset = TaskFilter(params, queryset=visible.with_people(), user=request.user, today=today)
    page = pagination.page(filterset.qs, filterset.order, request.GET.get("cursor"))
    context = {
        "filter": filterset,
        "page": page,
        "today": today,
        "counts": _counts(request, today),
        "query": request.GET.urlencode(),
    }
    return render_part(request, "playbooks/tasks.html", "found", context)


def _counts(request: StaffRequest, today: date) -> dict[str, Any]:
    """Count the reader's own open tasks. One query, on the index of the colleague's open tasks."""
    mine = Task.objects.visible_to(request.user).assigned_to(request.user).open()
    return mine.aggregate(
        overdue=Count("id", filter=Q(due_on__lt=today)),
        today=Count("id", filter=Q(due_on=today)),
        week=Count("id", filter=Q(due_on__gte=today, due_on__lt=today + WEEK)),
        open=Count("id"),
    )
