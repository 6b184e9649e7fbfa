"""What follows for records when an exchange rate is entered."""

from collections.abc import Collection
from datetime import date

from records import invoices
from records.telling import writing


def note(currencies: Collection[str], open_day: date) -> None:
    """Log the overdue amounts of customers who owe in these currencies: some were left out for want of a rate."""
    owing = invoices.unpaid_on(open_day).filter(currency__in=currencies).values_list("customer_id", flat=True)
    if customers := set(owing):
        writing.settle(invoices.KIND, customers, [], open_day)
