"""Four questions: does the process answer, can it work, how is it doing, and the same in figures for Prometheus."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from engagement_site.health import facts, judgement, machine, metrics, probing, schema
from engagement_site.health.access import for_monitoring

View = Callable[[HttpRequest], HttpResponse]


def bounded(view: View) -> View:
    """Ask the database for seconds only, also who is asking; a database that hangs is named without knowing who."""

    @wraps(view)
    def within(request: HttpRequest) -> HttpResponse:
        if probing.database_trouble():
            return down()
        with probing.cut_off(probing.READ_SECONDS + 1):
            return view(request)

    # What the middleware reads from a view, it reads here.
    return login_not_required(never_cache(within))


def down() -> JsonResponse:
    """Name what is wrong around the database; nobody can be known, so only by name."""
    known = facts.Facts("down", machine.read(ask_front=False), None, None)
    return JsonResponse({"status": "down", "problems": judgement.problems(known)}, status=503)


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
    is_ready = False
    if not probing.database_trouble():
        try:
            with probing.cut_off(probing.READ_SECONDS):
                is_ready = schema.is_migrated()
        except (DatabaseError, InterfaceError):
            is_ready = False
    return HttpResponse(
        "ok\n" if is_ready else "not ready\n", status=200 if is_ready else 503, content_type="text/plain"
    )


@bounded
@for_monitoring
def detail(_request: HttpRequest, now: datetime) -> HttpResponse:
    """Answer all facts, with "ok" or "degraded" above them."""
    health = facts.read(now=now)
    wrong = judgement.problems(health)
    return JsonResponse({"status": "degraded" if wrong else "ok", "problems": wrong, **health.flat()})


@bounded
@for_monitoring
def prometheus(_request: HttpRequest, now: datetime) -> HttpResponse:
    return HttpResponse(metrics.text(facts.read(now=now)), content_type=metrics.CONTENT_TYPE)
