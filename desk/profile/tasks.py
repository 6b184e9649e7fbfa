"""The tasks for a customer, whoever is to do them: a tab of its page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import pagination
from core.days import business_day
from desk.profile.form_page import visible
from playbooks.filters import ANY, ANYBODY, TaskFilter
from playbooks.models import Task, TaskState
from staff.requests import StaffRequest


@require_safe
def listed(request: StaffRequest, pk: int) -> HttpResponse:
    customer = visible(request, pk)
    today = business_day(timezone.now())
    params = request.GET.copy()
    params.setdefault("assignee", ANYBODY)
    params.setdefault("state", TaskState.OPEN.value)
    own = Task.objects.filter(customer=customer).with_people()
    filterset = TaskFilter(params, queryset=own, user=request.user, today=today)
    context = {
        "customer": customer,
        "filter": filterset,
        "page": pagination.page(filterset.qs, filterset.order, request.GET.get("cursor")),
        "states": [*TaskState.choices, (ANY, _("All"))],
        "today": today,
    }
    return render(request, "desk/profile/tasks.html", context)
