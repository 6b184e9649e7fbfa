"""The page on which somebody searches for the other one: the duplicate to merge with, the customer to move to."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from customers.models import Contact
from desk.search import alike
from staff.requests import StaffRequest


def choose(
    request: StaffRequest, of: Any, found: Sequence[Any], *, title: str, text: str, parameter: str, problem: str
) -> HttpResponse:
    """Answer with the search, and what it found; following a link puts the number into `parameter`.

    What is searched for is what the page was `of`, a contact being moved excepted.
    """
    context = {
        "title": title,
        "of": of,
        "found": found,
        "q": text,
        "parameter": parameter,
        "problem": problem,
        "are_contacts": isinstance(of, Contact) and parameter == "with",
    }
    return render(request, "desk/curation/choose.html", context, status=404 if problem else 200)


def asked(request: StaffRequest, suggested: str) -> str:
    """Return what to search for: what was typed, else what is suggested."""
    return alike.asked_for(request.GET.get("q", suggested))
