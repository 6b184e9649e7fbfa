"""Search: customers, contacts, places to go and things to do. A page, and what the command palette shows."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.web.htmx import render_part
from customers.models import Segment
from desk.search import alike
from staff.models import User
from staff.requests import StaffRequest

MOST = 16  # places


@dataclass(frozen=True, slots=True)
class Place:
    label: Promise | str
    url: str
    icon: str


@require_safe
def search(request: StaffRequest) -> HttpResponse:
    text = alike.asked_for(request.GET.get("q", ""))
    return render_part(
        request,
        "desk/search/search.html",
        "results",
        {
            "q": text,
            "found": alike.customers(request.user, text),
            "people": alike.contacts(request.user, text),
            "places": _places(request.user, text),
        },
    )


def _places(user: User, text: str) -> list[Place]:
    """Return where one can go and what one can do, as far as its words contain the text; all for none. One query."""
    customers = reverse("desk:customers")
    places = [
        Place(_("At-risk list"), reverse("desk:at-risk"), "siren"),
        Place(_("My customers at risk"), f"{reverse('desk:at-risk')}?owner={user.pk}", "user"),
        Place(_("All customers"), customers, "users"),
        Place(_("My customers"), f"{customers}?owner={user.pk}", "user"),
        Place(_("All contacts"), reverse("desk:contacts"), "contact-round"),
        Place(_("Customers renewing within 90 days"), f"{customers}?renews_within=90&sort=renewal", "calendar-clock"),
        Place(_("Biggest drops in engagement"), f"{customers}?sort=engagement_change_30", "trending-down"),
        Place(_("Customers without an owner"), f"{customers}?owner=none", "user-x"),
        Place(_("Manage segments"), reverse("desk:segments"), "bookmark"),
    ]
    if user.may_act:
        places.append(Place(_("Export all customers"), reverse("desk:export"), "download"))
        places.append(Place(_("Export all contacts"), reverse("desk:export-contacts"), "download"))
    if user.may_lead:
        places.append(Place(_("Deleted customers and contacts"), reverse("desk:removed"), "trash-2"))
    if user.may_lead:
        places.append(Place(_("Shared ids"), reverse("desk:partings"), "split"))
    if user.is_staff:
        places.append(Place(_("Corrections"), reverse("desk:corrections"), "eraser"))
        places.append(Place(_("Administration"), reverse("admin:index"), "settings"))
    views = Segment.objects.visible_to(user)
    places += [Place(view.name, f"{customers}?{view.as_query}", "bookmark") for view in views]
    return [place for place in places if text.casefold() in str(place.label).casefold()][:MOST]
