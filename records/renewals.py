"""When customers renew next. A contract that ends before the day it would renew on does not renew."""

from datetime import date

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from records.models import Contract


def renewing(first: date, last: date | None = None) -> QuerySet[Contract]:
    """Return the contracts that renew from one day to another; without a last one, ever after."""
    # A contract that was ended keeps its date of renewal, which then means nothing.
    found = Contract.objects.filter(Q(ends_on=None) | Q(ends_on__gte=F("renews_on")), renews_on__gte=first)
    return found if last is None else found.filter(renews_on__lte=last)


def next_renewal(today: date) -> Subquery:
    """Return the earliest renewal from today on, for a query of customers."""
    own = renewing(today).filter(customer=OuterRef("pk"))
    return Subquery(own.order_by("renews_on").values("renews_on")[:1])
