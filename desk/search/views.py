"""Search: customers, contacts, places to go and things to do. A page, and what the command palette shows."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from core.web.htmx import render_part
from desk.search import alike
from desk.search.results import results
from staff.requests import StaffRequest


@require_safe
def search(request: StaffRequest) -> HttpResponse:
    text = alike.asked_for(request.GET.get("q", ""))
    context = {"q": text, "results": results(request.user, text)}
    return render_part(request, "desk/search/search.html", "results", context)
