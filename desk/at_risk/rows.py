"""Customers at risk as the lists and their file show them, and the order of these."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.pagination import Column, Keyset
from customers.models import Customer
from customers.models.customer import CustomerQuerySet
from records.renewals import next_renewal
from scoring.models import CurrentScore
from scoring.risk import wording
from scoring.risk.at_risk_since import at_risk_since

# The order of CustomerQuerySet.most_urgent_first, as a key to page by
URGENCY = Keyset(
    (
        Column("score__urgency", descending=True, nullable=True),
        Column("score__health_fall", descending=True, nullable=True),
        Column("pk"),
    )
)


@dataclass(frozen=True, slots=True)
class AtRiskRow:
    """A customer at risk as both lists show it."""

    customer: Customer
    score: CurrentScore
    reasons: list[str]
    since: date


def with_relations(customers: CustomerQuerySet, today: date) -> CustomerQuerySet:
    """Load what `rows_of` reads of each customer."""
    return customers.select_related("score", "owner").annotate(renews_on=next_renewal(today))


def rows_of(customers: Sequence[Customer], today: date) -> list[AtRiskRow]:
    """Say of customers loaded `with_relations` why they are at risk and since when. Two queries, one more for names."""
    reasons = wording.reasons(customers, today=today)
    began = at_risk_since([customer.pk for customer in customers], today=today)
    return [AtRiskRow(customer, customer.score, reasons[customer.pk], began[customer.pk]) for customer in customers]
