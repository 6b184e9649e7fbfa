"""Models to begin with: for software sold to companies, a shop, services; and the plain sum of what happened."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from events.models import EventType
from scoring.model_versions.default_model import FACTORS, GRAVE, NEW_DAYS, POINTS, factors
from scoring.models import Factor, FactorKind, Group, ScoringModel, Weight
from scoring.models.scoring_model import MAX_DAILY_CAP

Table = dict[FactorKind, tuple[Group, int, int, int, dict[str, Any]]]
B2B, SHOP, SERVICES, PLAIN = "b2b", "shop", "services", "plain"
NAMES = {
    B2B: gettext_lazy("B2B software"),
    SHOP: gettext_lazy("Shop"),
    SERVICES: gettext_lazy("Services"),
    PLAIN: gettext_lazy("Plain sum"),
}
# More by who uses it, and how much of it, than the model every installation starts with
_B2B: Table = {
    **FACTORS,
    FactorKind.ENGAGEMENT: (Group.PRODUCT, 20, 0, 100, {}),
    FactorKind.KEY_ACTIONS: (Group.PRODUCT, 15, 0, 4, {"days": 30}),
    FactorKind.ACTIVE_CONTACTS: (Group.PRODUCT, 15, 0, 50, {"days": 30, "max_age": 3650}),
    FactorKind.DAYS_SINCE_ACTIVITY: (Group.PRODUCT, 15, 30, 2, {}),
}
_SHOP: Table = {
    FactorKind.ENGAGEMENT: (Group.PRODUCT, 30, 0, 100, {}),
    FactorKind.DAYS_SINCE_ACTIVITY: (Group.PRODUCT, 20, 180, 14, {}),
    FactorKind.PURCHASES: (Group.FINANCE, 25, 0, 4, {"days": 180}),
    FactorKind.PURCHASE_VALUE: (Group.FINANCE, 10, 0, 200, {"days": 365}),
    FactorKind.CSAT: (Group.VOICE, 5, 1, 5, {"max_age": 180}),
    FactorKind.OPEN_TICKETS: (Group.SUPPORT, 10, 3, 0, {"max_age": 3650}),
}
_SERVICES: Table = {
    FactorKind.ENGAGEMENT: (Group.PRODUCT, 20, 0, 100, {}),
    FactorKind.DAYS_SINCE_ACTIVITY: (Group.PRODUCT, 10, 90, 14, {}),
    FactorKind.DAYS_SINCE_TOUCH: (Group.RELATIONSHIP, 25, 90, 21, {}),
    FactorKind.PULSE: FACTORS[FactorKind.PULSE],
    FactorKind.NPS: (Group.VOICE, 10, 0, 10, {"max_age": 365}),
    FactorKind.CSAT: (Group.VOICE, 10, 1, 5, {"max_age": 180}),
    FactorKind.FIRST_RESPONSE: (Group.SUPPORT, 5, 48, 4, {"max_age": 3650}),
    FactorKind.OVERDUE: FACTORS[FactorKind.OVERDUE],
}
_PLAIN: Table = {FactorKind.ENGAGEMENT: (Group.PRODUCT, 100, 0, 100, {})}
TABLES: dict[str, Table] = {B2B: _B2B, SHOP: _SHOP, SERVICES: _SERVICES, PLAIN: _PLAIN}
_SETTINGS: dict[str, dict[str, Any]] = {
    B2B: {"half_life": 21},
    SHOP: {"window": 365, "half_life": 90, "least_history": 30},
    SERVICES: {"window": 90, "half_life": 45},
    PLAIN: {},
}


@transaction.atomic
def draft(name: str, *, now: datetime) -> ScoringModel:
    """Make a draft of one of NAMES.

    The plain sum adds up the points of what happened in thirty days, all of it, without decay; its bands are the
    five defaults.
    """
    model = ScoringModel.objects.create(name=str(NAMES[name]), note="", created_at=now, **NEW_DAYS, **_SETTINGS[name])
    Weight.objects.bulk_create(_weights(model, capped=name != PLAIN))
    Factor.objects.bulk_create(factors(model, TABLES[name]))
    return model


def _weights(model: ScoringModel, *, capped: bool) -> list[Weight]:
    types = {kind.name: kind for kind in EventType.objects.filter(name__in=POINTS)}
    return [
        Weight(
            model=model,
            event_type=types[name],
            points=Decimal(points),
            daily_cap=cap if capped else MAX_DAILY_CAP,
            is_grave=name in GRAVE,
        )
        for name, (points, cap) in POINTS.items()
        if name in types
    ]
