"""One act of a customer's timeline: what it withdrew, in part under the act or as a page of its own."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from core import pagination
from core.web.htmx import render_part, wants_part
from customers.models import Act
from desk.curation import done
from desk.profile.form_page import visible
from desk.timeline.act_words import detail_of
from desk.timeline.acts import load_act, withdrawn
from events.models.event import NEWEST_FIRST
from staff.requests import StaffRequest

FOLDED = 20  # events shown under the act on the timeline


@require_safe
def act(request: StaffRequest, pk: int, act: int) -> HttpResponse:
    customer = visible(request, pk)
    try:
        entry = load_act(customer, act)
    except Act.DoesNotExist:
        raise Http404 from None
    is_part = wants_part(request)
    size = FOLDED if is_part else pagination.SIZE
    page = pagination.page(withdrawn(customer, entry.act), NEWEST_FIRST, request.GET.get("cursor"), size)
    more = detail_of(entry.act).get("events", 0) - len(page.rows) if is_part and page.next_cursor else 0
    undoing = None if is_part else done.undoing_of(entry.act, request.user)
    context = {"customer": customer, "entry": entry, "page": page, "more": more, "undoing": undoing}
    return render_part(request, "desk/timeline/act.html", "withdrawn", context)
