"""A segment over time: how many were in it at the close of each day, who entered and who left."""

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.days import business_day
from core.spreadsheets import csv_file
from core.web.charts import sparkline
from core.web.charts.scale import polyline
from customers.models import Segment
from customers.segments import history
from customers.segments.history import DayOfSegment
from staff.requests import StaffRequest

SPAN = 90  # days
NAMED = 50
WIDTH, HEIGHT = 640, 120


@require_safe
def over_time(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the last 90 closed days; `day` chooses of which one the names are shown."""
    segment = _visible(request, pk)
    today = business_day(timezone.now())
    days = _days(segment, request, today)
    chosen = _chosen(request.GET.get("day"), days)
    context: dict[str, Any] = {
        "segment": segment,
        "may_edit": Segment.objects.editable_by(request.user).filter(pk=pk).exists(),
        "days": [day for day in reversed(days) if day.is_start or day.entered or day.left],
        "last": days[-1] if days else None,
        "chart": _chart(days, today),
        "chosen": chosen,
    }
    if chosen:
        context["moved"] = [
            (name, list(of(segment, request.user, chosen.day).order_by("name", "pk")[: NAMED + 1]))
            for name, of in (("entered", history.entered), ("left", history.left))
        ]
        context["named"] = NAMED
    return render(request, "desk/list/segments/over_time.html", context)


@require_safe
def over_time_csv(request: StaffRequest, pk: int) -> HttpResponseBase:
    segment, today = _visible(request, pk), business_day(timezone.now())
    rows: list[tuple[object, ...]] = [("day", "size", "entered", "left", "first_day_of_filter")]
    rows += [
        (day.day.isoformat(), day.size, day.entered, day.left, "yes" if day.is_start else "")
        for day in _days(segment, request, today)
    ]
    return csv_file.stream(rows, filename=f"segment-{segment.pk}-{today.isoformat()}.csv")


def _visible(request: StaffRequest, pk: int) -> Segment:
    rows: QuerySet[Segment] = Segment.objects.visible_to(request.user)
    return get_object_or_404(rows, pk=pk)


def _days(segment: Segment, request: StaffRequest, today: date) -> list[DayOfSegment]:
    return history.load(segment, request.user, today - timedelta(days=SPAN), today - timedelta(days=1))


def _chosen(text: str | None, days: list[DayOfSegment]) -> DayOfSegment | None:
    """Return the day that was asked for, else the last on which somebody moved. Raises Http404 for another."""
    if text:
        try:
            wanted = date.fromisoformat(text)
        except ValueError:
            raise Http404 from None
        found = next((day for day in days if day.day == wanted), None)
        if found is None:
            raise Http404
        return found
    return next((day for day in reversed(days) if day.entered or day.left), None)


def _chart(days: list[DayOfSegment], today: date) -> dict[str, Any]:
    by_day = {day.day: day for day in days}
    span = [today - timedelta(days=SPAN - place) for place in range(SPAN)]
    sizes = [by_day[day].size if day in by_day else None for day in span]
    breaks = [place for place, day in enumerate(span) if day in by_day and by_day[day].is_start]
    high = max([1, *(size for size in sizes if size is not None)])
    lines = sparkline.lines(sizes, low=0, high=high, breaks=breaks, width=WIDTH, height=HEIGHT)
    return {
        # A lone day is a point, which a line of no length would not show.
        "lines": [polyline(line if len(line) > 1 else [line[0], (line[0][0] + 2, line[0][1])]) for line in lines],
        "high": high,
        "width": WIDTH,
        "height": HEIGHT,
        "first": span[0],
        "last": span[-1],
    }
