"""Get started: what a new installation still needs, each step ticked by what is true."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.days import business_day
from core.names.cleaning import cleaned_name
from core.web.htmx import render_part, wants_part
from desk.settings.get_started import steps
from desk.settings.get_started.snippets import snippets
from events import write_keys
from events.models import Channel
from staff import company
from staff.models import ApiKey, Role
from staff.requests import StaffRequest, for_admins

TEMPLATE = "desk/settings/get_started/get_started.html"
MOST = 100  # characters of a name


@never_cache
@require_safe
def get_started(request: StaffRequest) -> HttpResponseBase:
    """Show the steps to admins, and to others who can do them. The page asks for its part every few seconds."""
    if request.user.role != Role.ADMIN:
        return render(request, TEMPLATE, {"admins": steps.admins()})
    loaded = steps.load(business_day(timezone.now()))
    if wants_part(request) and request.GET.get("known") == loaded.digest:
        return HttpResponse(status=204)  # nothing changed since the page asked last
    return render_part(request, TEMPLATE, "steps", _context(loaded) | {"is_part": wants_part(request)})


@never_cache
@require_POST
@for_admins
def make_key(request: StaffRequest) -> HttpResponseBase:
    """Make a key that sends events and show it, once: on the page that answers, and never again."""
    name = cleaned_name(request.POST.get("name", ""))
    if "make" not in request.POST:
        return redirect("desk:get-started")
    if not name or len(name) > MOST:
        messages.error(request, _("Say in at most %(most)s letters what sends the events.") % {"most": MOST})
        return redirect("desk:get-started")
    key = write_keys.create(name, [ApiKey.EVENTS_WRITE], channel=Channel.PRODUCT, now=timezone.now())
    # In the trail that the administration keeps of keys, whichever page they are made on.
    rows = ApiKey.objects.filter(public_part=key.rpartition("_")[0])
    LogEntry.objects.log_actions(request.user.pk, rows, ADDITION, [{"added": {}}], single_object=True)
    loaded = steps.load(business_day(timezone.now()))
    return render(request, TEMPLATE, _context(loaded, key))


@require_POST
@for_admins
def dismiss(request: StaffRequest) -> HttpResponseBase:
    """Lead nobody here any more, or do so again: as the pressed button says."""
    if (wish := request.POST.get("away", "")) in ("yes", "no"):
        company.dismiss_get_started(wish == "yes", now=timezone.now(), by=request.user)
    return redirect("desk:get-started" if wish == "no" else "desk:settings")


def _context(loaded: steps.Steps, key: str = "") -> dict[str, Any]:
    return {
        "steps": loaded,
        "waiting": loaded.waiting,
        "may_change": True,
        "key": key,
        "snippets": snippets(key, settings.PUBLIC_ADDRESS),
    }
