"""What the API says of a customer's risk beside its score."""

from typing import Any

from django.conf import settings

from scoring.models import CurrentScore


def risk(score: CurrentScore) -> dict[str, Any]:
    """Return what `RiskOut` shows. No query."""
    return {
        "at_risk": score.at_risk,
        "monthly_value": score.monthly_value,
        "currency": settings.BASE_CURRENCY,
        "revenue_at_risk": score.monthly_value if score.at_risk else None,
        "renews_soon": score.renews_soon,
        "value_is_typical": score.value_is_typical,
    }
