"""When customers renew next."""

from datetime import date

from django.db.models import OuterRef, Q, Subquery

from records.models import Contract


def next_renewal(today: date) -> Subquery:
    """Return the earliest renewal from today on of contracts not ended, for a query of customers."""
    # A contract that was ended keeps its date of renewal, which then means nothing.
    running = Contract.objects.filter(Q(ends_on=None) | Q(ends_on__gt=today), customer=OuterRef("pk"))
    return Subquery(running.filter(renews_on__gte=today).order_by("renews_on").values("renews_on")[:1])
