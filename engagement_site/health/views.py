"""Four questions: does the process answer, can it work, how is it doing, and the same in figures for Prometheus."""

from dataclasses import asdict
from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from engagement_site.health import facts, judgement, metrics, schema
from engagement_site.health.access import for_monitoring


@login_not_required
@never_cache
@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """Answer without looking at anything: a restart, which silence here leads to, would not bring PostgreSQL back."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """Answer 503 while the database cannot be used. Rapport works without Redis, so that is not checked."""
    try:
        is_ready = schema.is_migrated()
    except (DatabaseError, InterfaceError):
        is_ready = False
    return HttpResponse(
        "ok\n" if is_ready else "not ready\n", status=200 if is_ready else 503, content_type="text/plain"
    )


@for_monitoring
def detail(_request: HttpRequest, now: datetime) -> HttpResponse:
    """Answer all facts, with "ok" or "degraded" above them."""
    health = facts.read(now=now)
    wrong = judgement.problems(health)
    return JsonResponse({"status": "degraded" if wrong else "ok", "problems": wrong, **asdict(health)})


@for_monitoring
def prometheus(_request: HttpRequest, now: datetime) -> HttpResponse:
    return HttpResponse(metrics.text(facts.read(now=now)), content_type=metrics.CONTENT_TYPE)
