"""Customers about to be given to another owner: how many, in which stage, what they pay, who has left already."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import HttpRequest
from django.utils.translation import ngettext

from core.templatetags.show import number
from customers.curation import assigning
from customers.models import Stage
from customers.models.customer import CustomerQuerySet
from staff.models import User


@dataclass(frozen=True, slots=True)
class Preview:
    """Those on trial or active are handed over; those who left only when that is asked for."""

    stages: list[tuple[str, int]]  # label, customers
    followed: int
    left: int
    revenue: Decimal  # of the followed, a month, in BASE_CURRENCY
    unknown: int  # of the followed; they are in no sum

    def count(self, *, with_left: bool) -> int:
        return self.followed + (self.left if with_left else 0)


def preview(customers: CustomerQuerySet) -> Preview:
    """One query."""
    rows = (
        customers.order_by()
        .values_list("stage")
        .annotate(Count("pk"), Sum("score__monthly_value"), Count("score__monthly_value"))
    )
    found = {stage: (n, revenue or Decimal(0), known) for stage, n, revenue, known in rows}
    followed = [found[stage] for stage in Stage.followed() if stage in found]
    count = sum(n for n, *_ in followed)
    return Preview(
        stages=[(str(stage.label), found[stage][0]) for stage in Stage if stage in found],
        followed=count,
        left=sum(n for n, *_ in found.values()) - count,
        revenue=sum((revenue for _, revenue, _ in followed), Decimal(0)),
        unknown=count - sum(known for *_, known in followed),
    )


def hand_over(
    request: HttpRequest, customers: CustomerQuerySet, owner: User | None, *, with_left: bool, now: datetime, by: User
) -> int:
    """Assign the customers, say so with a way back, and return how many changed."""
    rows = customers if with_left else customers.filter(stage__in=Stage.followed())
    # Read first: once owners change, the filter would select others.
    act = assigning.assign(list(rows.values_list("pk", flat=True)), owner, now=now, by=by)
    if act is None:
        return 0
    changed = int(act.detail["customers"])
    words = ngettext("%(count)s customer changed.", "%(count)s customers changed.", changed)
    # The tag has the message bring its button to undo (templates/components/messages.html).
    messages.success(request, words % {"count": number(changed)}, extra_tags=f"undo-{act.pk}")
    return changed
