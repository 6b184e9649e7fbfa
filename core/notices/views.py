"""The pages of a colleague's notices. Whoever may sign in reads and marks their own, viewers too."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import notices, pagination
from core.models import Notice
from core.notices import kinds, reading, showing
from core.notices.bell import words
from core.notices.filters import UNREAD_FIRST, NoticeFilter
from core.notices.forms import KindsForm
from core.pagination import Column, Keyset
from core.web.back import back_to
from core.web.htmx import wants_part

IN_ORDER = Keyset((Column("pk"),))


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """Show the notices: unread ones first, the newest first among each."""
    filterset = NoticeFilter(request.GET, queryset=reading.visible_to(request.user).select_related("by"))
    page = pagination.page(filterset.qs, UNREAD_FIRST, request.GET.get("cursor"))
    context = {
        "filter": filterset,
        "page": page,
        "rows": showing.load(page.rows, request.user),
        # What comes while the page is read is not marked with what was seen.
        "newest": max((row.pk for row in page.rows), default=0) if page.is_first else 0,
    }
    return render(request, "notices/list.html", context)


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """List all that one notice is of, as far as the reader may see it."""
    notice = _own(request, pk)
    [shown] = showing.load([notice], request.user)
    kind = kinds.load()[notice.kind]
    page = pagination.page(kind.visible(notice.subjects.all(), request.user), IN_ORDER, request.GET.get("cursor"))
    context = {"shown": shown, "page": page, "things": showing.things(notice, page.rows)}
    return render(request, "notices/one.html", context)


@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Mark a notice as read and go where it leads: no GET changes anything."""
    [shown] = showing.load([_own(request, pk)], request.user)
    notices.mark_read(request.user, [pk], now=timezone.now())
    return redirect(shown.address)


@require_POST
def mark_read(request: HttpRequest, pk: int) -> HttpResponseBase:
    notices.mark_read(request.user, [_own(request, pk).pk], now=timezone.now())
    return redirect(back_to(request, reverse("notices:list")))


@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponseBase:
    newest = request.POST.get("newest", "")
    if not (newest.isascii() and newest.isdigit() and len(newest) < 19):
        raise Http404
    notices.mark_all_read(request.user, up_to=int(newest), now=timezone.now())
    messages.success(request, _("All notices are marked as read."))
    return redirect("notices:list")


@require_http_methods(["GET", "HEAD", "POST"])
def choose_kinds(request: HttpRequest) -> HttpResponse:
    """Show what a colleague is told of, and take another choice."""
    form = KindsForm(request.POST if request.method == "POST" else None, muted=reading.muted_by(request.user))
    if form.is_valid():
        notices.mute(request.user, form.muted, now=timezone.now())
        messages.success(request, _("Your choice is saved."))
        return redirect("notices:kinds")
    return render(request, "notices/kinds.html", {"form": form}, status=400 if form.errors else 200)


@require_safe
def bell(request: HttpRequest) -> HttpResponseBase:
    """Answer the bell of the header anew; who opens the address itself gets the page."""
    if not wants_part(request):
        return redirect("notices:list")
    return render(request, "components/bell_inside.html", {"bell": words(reading.unread(request.user))})


def _own(request: HttpRequest, pk: int) -> Any:
    """Return a notice of the reader of which they may see something. One query."""
    rows = reading.visible_to(request.user).select_related("by")
    return get_object_or_404(rows if pk < 2**63 else Notice.objects.none(), pk=pk)
