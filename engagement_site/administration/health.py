"""The page Health in the admin: each check, its state, since when, and what to do. Reads only, within deadlines."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from engagement_site.health import facts, judgement, words
from engagement_site.health.facts import Facts


@require_safe
def page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Show the page; `context` is the admin's own."""
    now = timezone.now()
    read = facts.read(now=now)
    checks = list(checked(read, now))
    wrong = sum(check["is_wrong"] for check in checks)
    more = {"title": _("Health"), "checks": checks, "wrong": wrong, "looked_at": now}
    return render(request, "admin/health.html", context | more)


def checked(read: Facts, now: datetime) -> Iterator[dict[str, Any]]:
    """Yield each check, what is wrong first."""
    wrong = judgement.problems(read)
    for name in [*wrong, *(name for name in judgement.PROBLEMS if name not in wrong)]:
        is_wrong = name in wrong
        yield {
            "name": name,
            "title": words.TITLES[name],
            "is_wrong": is_wrong,
            "is_known": name in judgement.known(read),
            "said": words.details(name, read) if is_wrong else "",
            "since": words.since(name, read, now) if is_wrong else None,
            "what_to_do": words.WHAT_TO_DO[name] if is_wrong else "",
        }
