"""Customers at risk as the lists and their file show them, and the order of these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.days import ONE_DAY
from core.pagination import Column, Keyset
from customers.models import Customer
from customers.models.customer import CustomerQuerySet
from desk.log import last_and_next
from desk.log.last_and_next import LastAndNext
from records.renewals import next_renewal
from scoring.models import CurrentScore
from scoring.risk import wording
from scoring.risk.at_risk_since import at_risk_since
from scoring.what_if.yesterday import at_risk_by_version

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
    line: LastAndNext
    by_version: int | None  # the version that scores the customer since today, where that alone has it at risk


def with_relations(customers: CustomerQuerySet, today: date) -> CustomerQuerySet:
    """Load what `rows_of` reads of each customer."""
    return customers.select_related("score", "owner").annotate(renews_on=next_renewal(today))


def rows_of(
    customers: Sequence[Customer], today: date, lines: Mapping[int, LastAndNext] | None = None
) -> list[AtRiskRow]:
    """Say of customers loaded `with_relations` why they are at risk and since when; `lines` of `last_and_next.load`.

    Two queries, one more for names, and one more for those at risk since today; more on the day of a publication.
    """
    reasons = wording.reasons(customers, today=today)
    began = at_risk_since([customer.pk for customer in customers], today=today)
    new = [customer.score for customer in customers if began[customer.pk] == today]
    by_version = at_risk_by_version(new, today - ONE_DAY) if new else set()
    return [
        AtRiskRow(
            customer=row,
            score=row.score,
            reasons=reasons[row.pk],
            since=began[row.pk],
            line=(lines or {}).get(row.pk, last_and_next.NOTHING),
            by_version=row.score.model_id if row.pk in by_version else None,
        )
        for row in customers
    ]
