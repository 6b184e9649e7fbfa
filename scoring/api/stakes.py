"""The parts of a customer's urgency, by the name that programs know: `stake`."""

from datetime import date
from typing import Any

from django.conf import settings

from core.money import Rates
from customers.models import Customer
from scoring.models import CurrentScore
from scoring.risk.at_risk import typical_value


def stakes(customers: list[Customer], today: date) -> dict[int, dict[str, Any]]:
    """Return the parts of each customer's urgency. Two queries at most; their `score` must be loaded."""
    rates = Rates({customer.currency for customer in customers})
    typical = typical_value(today) if any(customer.mrr is None for customer in customers) else None
    parts = {}
    for customer in customers:
        score: CurrentScore = customer.score
        own = None if customer.mrr is None else rates.in_base(customer.mrr, customer.currency, today)
        parts[customer.pk] = {
            "value_at_stake": score.urgency,
            "currency": settings.BASE_CURRENCY,
            # As it was scored, not as it is now: the parts must explain the stored product.
            "monthly_value": typical if score.value_is_typical else own,
            "value_is_typical": score.value_is_typical,
            # Unknown health counts as 0, as in the product itself (RiskInputs.urgency).
            "share": 10_000 - (score.health or 0),
            "doubled": score.renews_soon,
        }
    return parts
