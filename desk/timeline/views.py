"""The timeline of a customer: a tab of its page."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.days import business_day
from customers.models import Customer, Kind
from desk.curation.subjects import CUSTOMERS, follows_merges
from desk.profile.form_page import offered
from desk.timeline.acts import any_acts
from desk.timeline.timeline import load_timeline
from scoring.explain.explanation import event_types_of
from staff.requests import StaffRequest


@require_safe
@follows_merges(CUSTOMERS)
def timeline(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what happened and what was done to the past. Raises BadCursor.

    Seven queries at most: the customer, its contacts and event types to choose from, the events, the answers they are
    about, acts beside them, and those whom these are about. One more where words are searched, and where the address
    names a contact who is not offered.
    """
    visible = Customer.objects.visible_to(request.user).annotate(has_acts=any_acts())
    customer = get_object_or_404(visible, pk=pk)
    today = business_day(timezone.now())
    kinds = event_types_of(customer, 0, today, today)
    loaded = load_timeline(
        customer,
        people=offered(customer),
        event_types=[kind for kind in kinds if kind.retired_at is None and kind.merged_into_id is None],
        params=request.GET,
    )
    context = {"customer": customer, "timeline": loaded, "is_of_one": customer.kind == Kind.PERSON}
    return render(request, "desk/timeline/page.html", context)
