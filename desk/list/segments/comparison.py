"""Two segments beside each other: what differs, of how many comparisons, and who is in both."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.days import business_day
from core.db import patience
from customers import segments
from customers.models import Customer, Segment
from desk.list.segments import gathered
from desk.list.segments.differences import LEAST
from staff.requests import StaffRequest

NAMED = 20
PATIENCE = 10  # seconds for each query


@require_safe
def compare(request: StaffRequest) -> HttpResponse:
    """Compare two segments that the colleague sees, by the customers they see; without two, ask which."""
    visible: QuerySet[Segment] = Segment.objects.visible_to(request.user)
    chosen = [_one(visible, request.GET[name]) for name in ("first", "second") if request.GET.get(name)]
    context: dict[str, Any] = {"segments": list(visible), "chosen": chosen, "least": LEAST}
    if len(chosen) == 2 and chosen[0] != chosen[1]:
        try:
            context |= _compared(request, *chosen)
        except patience.TookTooLong:
            context["is_slow"] = True
    return render(request, "desk/list/segments/comparison.html", context)


def _one(visible: "QuerySet[Segment]", pk: str) -> Segment:
    return get_object_or_404(visible, pk=int(pk) if pk.isdecimal() and len(pk) < 19 else 0)


def _compared(request: StaffRequest, first: Segment, second: Segment) -> dict[str, Any]:
    """Compare who is in one of them only: somebody in both would stand on both sides."""
    with patience.at_most(PATIENCE):
        ids = [
            set(segments.members(segment, request.user).order_by().values_list("pk", flat=True))
            for segment in (first, second)
        ]
        both = ids[0] & ids[1]
        sides = (gathered.drawn(ids[0] - both), gathered.drawn(ids[1] - both))
        found = gathered.compare(sides[0], sides[1], business_day(timezone.now()), settings.BASE_CURRENCY)
    shared = Customer.objects.visible_to(request.user).filter(pk__in=both).order_by("name", "pk")
    return {
        "sides": [
            {"segment": segment, "count": len(one), "alone": len(one - both), "drawn": len(side)}
            for segment, one, side in zip((first, second), ids, sides, strict=True)
        ],
        "most": gathered.MOST,
        "both": len(both),
        "shared": list(shared[:NAMED]),
        "groups": list(_grouped(found)),
        "tested": sum(1 for row in found if row.difference.p is not None),
        "certain": sum(1 for row in found if row.difference.is_certain),
    }


def _grouped(found: list[gathered.Compared]) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    ordered = sorted(found, key=lambda row: list(gathered.GROUPS).index(row.figure.group))
    for group, rows in groupby(ordered, key=lambda row: row.figure.group):
        yield gathered.GROUPS[group], [_row(row) for row in rows]


def _row(row: gathered.Compared) -> dict[str, Any]:
    """Return a row in the units that are read: shares in per cent."""
    times = 100 if row.figure.unit == "%" else 1
    difference = row.difference
    estimate = difference.value
    return {
        "label": row.figure.label,
        "unit": row.figure.unit,
        "first": difference.first.mean * times if difference.first.n else None,
        "second": difference.second.mean * times if difference.second.n else None,
        "n": (difference.first.n, difference.second.n),
        "difference": estimate and (estimate.value * times, estimate.low * times, estimate.high * times),
        "is_tested": difference.p is not None,
        "is_certain": difference.is_certain,
    }
