"""The inbox of unhappy answers that nobody has followed up yet."""

from django.db.models import Case, IntegerField, Q, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import pagination
from core.days import business_day
from core.pagination import Column, Keyset
from staff.requests import StaffRequest
from surveys.filters import InboxFilter
from surveys.models import Answer

OWN_FIRST = Keyset((Column("others"), Column("answered_at", descending=True), Column("id")))


@require_safe
def inbox(request: StaffRequest) -> HttpResponse:
    """Show one's own customers' first, and of these the newest."""
    mine = Q(customer__owner=request.user) | Q(customer__second_owner=request.user)
    waiting = Answer.objects.visible_to(request.user).to_follow_up()
    ordered = waiting.annotate(
        # A column, because a keyset can only page by columns.
        others=Case(When(mine, then=Value(0)), default=Value(1), output_field=IntegerField())
    ).select_related("contact", "customer", "customer__owner", "survey")
    answer_filter = InboxFilter(request.GET, queryset=ordered.defer("contact__traits", "contact__set_at"))
    page = pagination.page(answer_filter.qs, OWN_FIRST, request.GET.get("cursor"))
    context = {
        "filter": answer_filter,
        "page": page,
        "mine": str(request.user.pk),
        "today": business_day(timezone.now()),
    }
    return render(request, "surveys/results/inbox.html", context)
