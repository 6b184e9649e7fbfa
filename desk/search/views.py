"""Search: customers, places to go and things to do. A page, and what the command palette shows."""

from dataclasses import dataclass

from django.contrib.postgres.search import TrigramWordSimilarity
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.web.htmx import render_part
from customers import finding
from customers.models import Customer, Segment
from staff.models import User
from staff.requests import StaffRequest

MOST = 8
CANDIDATES = 200  # of which the most alike are shown
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Place:
    label: Promise | str
    url: str
    icon: str


@require_safe
def search(request: StaffRequest) -> HttpResponse:
    text = " ".join(request.GET.get("q", "").replace("\0", "").split())[:LONGEST]
    return render_part(
        request,
        "desk/search/search.html",
        "results",
        {"q": text, "found": _customers(request.user, text), "places": _places(request.user, text)},
    )


def _customers(user: User, text: str) -> list[Customer]:
    """Return the customers most like the text. Two queries; none for no text."""
    if not text:
        return []
    visible = Customer.objects.visible_to(user).known()
    # Two steps: the indexes find the candidates, and only these are compared letter by letter.
    pks = list(finding.matching(visible, text).order_by().values_list("pk", flat=True)[:CANDIDATES])
    alike = visible.filter(pk__in=pks).select_related("score", "owner")
    return list(alike.order_by(TrigramWordSimilarity(text, "name").desc(), "name", "pk")[:MOST])


def _places(user: User, text: str) -> list[Place]:
    """Return where one can go and what one can do, as far as its words contain the text; all for none. One query."""
    customers = reverse("desk:customers")
    places = [
        Place(_("At-risk list"), reverse("desk:at-risk"), "siren"),
        Place(_("My customers at risk"), f"{reverse('desk:at-risk')}?owner={user.pk}", "user"),
        Place(_("All customers"), customers, "users"),
        Place(_("My customers"), f"{customers}?owner={user.pk}", "user"),
        Place(_("Customers renewing within 90 days"), f"{customers}?renews_within=90&sort=renewal", "calendar-clock"),
        Place(_("Biggest drops in engagement"), f"{customers}?sort=engagement_change_30", "trending-down"),
        Place(_("Customers without an owner"), f"{customers}?owner=none", "user-x"),
        Place(_("Manage segments"), reverse("desk:segments"), "bookmark"),
    ]
    if user.may_act:
        places.append(Place(_("Export all customers"), reverse("desk:export"), "download"))
    if user.is_staff:
        places.append(Place(_("Corrections"), reverse("desk:corrections"), "eraser"))
        places.append(Place(_("Administration"), reverse("admin:index"), "settings"))
    views = Segment.objects.visible_to(user)
    places += [Place(view.name, f"{customers}?{view.as_query}", "bookmark") for view in views]
    return [place for place in places if text.casefold() in str(place.label).casefold()][: 2 * MOST]
