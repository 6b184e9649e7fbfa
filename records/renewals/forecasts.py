"""Forecasts of renewals: what a colleague expects of a customer in a month."""

from datetime import datetime
from decimal import Decimal

from customers.models import Customer
from records.models import RenewalForecast
from staff.models import User


def write(
    customer: Customer,
    month: str,
    *,
    category: str,
    amount: Decimal | None,
    currency: str,
    now: datetime,
    by: User | None,
) -> RenewalForecast:
    """Set the forecast of a month, over an earlier one. One query."""
    row = RenewalForecast(
        customer=customer, id=month, category=category, amount=amount, currency=currency, by=by, at=now
    )
    RenewalForecast.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["customer", "id"],
        update_fields=["category", "amount", "currency", "by", "at"],
    )
    return row


def clear(customer: Customer, month: str) -> None:
    """Take the forecast of a month away, if there is one. One query."""
    RenewalForecast.objects.filter(customer=customer, id=month).delete()
