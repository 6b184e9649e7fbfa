"""The list of contacts."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import pagination
from core.days import business_day
from core.web.htmx import render_part
from customers.models import Contact, Customer
from customers.models.contact import CALLED
from desk.contacts.activity import with_last_active
from desk.contacts.filters import ContactFilter
from staff.models import User
from staff.requests import StaffRequest

MANY = 1_000  # counted exactly up to here; "more than" says enough beyond


@require_safe
def contact_list(request: StaffRequest) -> HttpResponse:
    today = business_day(timezone.now())
    visible = Contact.objects.visible_to(request.user).known()
    filterset = ContactFilter(request.GET, queryset=visible, today=today)
    rows = with_last_active(filterset.qs, today).annotate(called=CALLED).select_related("customer")
    rows = rows.defer("traits", "set_at", "customer__attributes", "customer__set_at")
    page = pagination.page(rows, filterset.keyset, request.GET.get("cursor"))
    return render_part(
        request,
        "desk/contacts/list.html",
        "found",
        {
            "page": page,
            # Without the order, and no further than needed.
            "count": filterset.qs.order_by()[: MANY + 1].count(),
            "many": MANY,
            "may_act": request.user.may_act,
            "today": today,
            "filter": filterset,
            **_in_use(filterset, request.user),
        },
    )


def _in_use(filterset: ContactFilter, user: User) -> dict[str, Any]:
    """Return what the filter asks as a query, and which of it is out of sight. One query if it names a customer."""
    pairs = list(filterset.query.items())
    folded = filterset.folded_in_use
    if pk := filterset.is_valid() and filterset.cleaned_data.get("customer"):
        name = Customer.objects.visible_to(user).filter(pk=pk).values_list("name", flat=True).first()
        folded = [("customer", _("Customer"), name or pk), *folded]
    return {
        "filter_query": urlencode(pairs),
        "only_customer": pk or "",
        "chips": [
            (label, words, urlencode([pair for pair in pairs if pair[0] != name])) for name, label, words in folded
        ],
    }
