"""Settings: what a colleague may set up, with the state of what an admin looks after."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.days import business_day
from desk.settings import event_types, sources
from desk.settings.get_started import steps
from events.models import Rejected
from staff.models import Team
from staff.requests import StaffRequest


@require_safe
def overview(request: StaffRequest) -> HttpResponse:
    """Show what the reader may open, by subject. Only admins see sources, event types and colleagues."""
    context: dict[str, Any] = {"base_currency": settings.BASE_CURRENCY, "business_zone": settings.BUSINESS_TIME_ZONE}
    if request.user.is_staff:
        now = timezone.now()
        today = business_day(now)
        context |= {
            "now": now,
            "today": today,
            "sources": sources.latest(today),
            "event_types": event_types.lately(today),
            "rejected": Rejected.objects.filter(replayed_at=None)[: sources.MANY].count(),
            "many": sources.MANY,
            "steps": steps.load(today),
            "teams": Team.objects.count(),
        }
    return render(request, "desk/settings/settings.html", context)
