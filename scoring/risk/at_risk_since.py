"""Since when customers have been at risk, read from the history: each day judged by its own version."""

from collections.abc import Collection
from datetime import date

from scoring.models import Transition


def at_risk_since(customers: Collection[int], *, today: date) -> dict[int, date]:
    """Return for customers at risk today the first day of their unbroken run. One query.

    That is the first closed day on which they were at risk, with none between on which they were not; today, where the
    last closed day does not know it yet.
    """
    rows = Transition.objects.filter(customer__in=customers, kind=Transition.Kind.RISK).order_by("customer_id", "-day")
    last = rows.distinct("customer_id").values_list("customer_id", "day", "band_after")
    began = {customer: day for customer, day, after in last if after == Transition.AT_RISK}
    return {customer: began.get(customer, today) for customer in customers}
