"""Duplicates: those proposed, those told apart, and the acts that part and propose again. Merging is elsewhere."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import pagination
from core.days import business_day
from core.pagination import Column, Keyset
from core.web.back import back_to
from customers.finding import apart
from desk.curation.duplicates import shown
from desk.curation.duplicates.kinds import Kind
from staff.requests import StaffRequest, acts

NEWEST_FIRST = Keyset((Column("pk", descending=True),))


@require_safe
def proposed(request: StaffRequest, kind: Kind) -> HttpResponse:
    today = business_day(timezone.now())
    page = shown.load_page(kind, request.user, request.GET.get("cursor"), today)
    return render(request, "desk/duplicates/proposed.html", {"kind": kind, "page": page, "today": today})


@require_safe
def told_apart(request: StaffRequest, kind: Kind) -> HttpResponse:
    rows = kind.told_apart(request.user).select_related("first", "second", "by")
    page = pagination.page(rows, NEWEST_FIRST, request.GET.get("cursor"))
    return render(request, "desk/duplicates/apart.html", {"kind": kind, "page": page})


@require_POST
@acts
def tell_apart(request: StaffRequest, kind: Kind) -> HttpResponseBase:
    one, other = (_visible(request, kind, name) for name in ("one", "other"))
    try:
        apart.keep(kind.sought.apart, one.pk, other.pk, now=timezone.now(), by=request.user)
    except ValueError:
        raise Http404 from None
    names = {"one": str(one), "other": str(other)}
    messages.success(request, _("“%(one)s” and “%(other)s” are not proposed again.") % names)
    return redirect(back_to(request, reverse(kind.proposed_page)))


@require_POST
@acts
def take_back(request: StaffRequest, kind: Kind) -> HttpResponseBase:
    pair = get_object_or_404(kind.told_apart(request.user), pk=_number(request, "pair"))
    apart.take_back(pair)
    messages.success(request, _("The two are proposed again, as long as they have something in common."))
    return redirect(back_to(request, reverse(kind.apart_page)))


def _visible(request: StaffRequest, kind: Kind, name: str) -> Any:
    return get_object_or_404(kind.visible_to(request.user), pk=_number(request, name))


def _number(request: StaffRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404
    return int(text)
