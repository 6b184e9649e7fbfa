"""The scoring model every installation starts with: sensible weights for the catalogue of event types."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from core.db import locks
from events import catalogue
from events.models import EventType
from scoring.model_versions import versions
from scoring.models import Factor, FactorKind, Group, ScoringModel, Weight

_LOCK = 1

# name → (points, daily cap). Impressions and e-mail opens are passive: no points.
POINTS: dict[str, tuple[str, int]] = {
    "Page viewed": ("0.20", 10),
    "Form submitted": ("3", 3),
    "Webinar attended": ("6", 1),
    "Email sent": ("0", 1),
    "Email opened": ("0", 1),
    "Email clicked": ("1", 3),
    "Email unsubscribed": ("-10", 1),
    "Email bounced": ("-3", 1),
    "Post seen": ("0", 1),
    "Post shared": ("3", 3),
    "Company mentioned": ("2", 3),
    "Screen viewed": ("0.20", 10),
    "Push opened": ("1", 3),
    "Signed in": ("0.50", 10),
    "Feature used": ("0.20", 20),
    "Report created": ("2", 5),
    "Integration connected": ("8", 2),
    "Teammate invited": ("5", 3),
    "Teammate removed": ("-4", 3),
    "Training attended": ("10", 2),
    "Meeting held": ("8", 2),
    "Order completed": ("10", 5),
    "Order cancelled": ("-10", 5),
    "Add-on bought": ("12", 2),
    "Ticket opened": ("-1", 5),
    "Ticket escalated": ("-8", 2),
    "Ticket solved": ("1", 5),
    "Article viewed": ("0.50", 5),
    "Invoice issued": ("0", 1),
    "Invoice paid": ("1", 1),
    "Invoice overdue": ("-8", 1),
    "Payment failed": ("-6", 2),
    "Price raised": ("0", 1),
    "Survey answered": ("3", 1),
    "Contract signed": ("5", 1),
    "Note logged": ("0", 1),
    "Call logged": ("0", 1),
    "Email logged": ("0", 1),
    "Task done: call": ("0", 1),
    "Task done: meeting": ("0", 1),
    "Task done: email": ("0", 1),
    "Task done": ("0", 1),
    "Champion left": ("-15", 1),
    "Trial started": ("0", 1),
    "Trial converted": ("10", 1),
    "Subscription cancelled": ("-30", 1),
}


# Whoever is new is judged all the same once one of these has happened.
GRAVE = ("Subscription cancelled", "Payment failed", "Champion left")
NEW_DAYS = {"new_days_trial": 3, "new_days_active": 14}

# kind → (group, weight, worst, best, and what else it needs)
FACTORS: dict[FactorKind, tuple[Group, int, int, int, dict[str, Any]]] = {
    FactorKind.ENGAGEMENT: (Group.PRODUCT, 30, 0, 100, {}),
    FactorKind.ENGAGEMENT_TREND: (Group.PRODUCT, 10, -50, 0, {"days": 30}),
    FactorKind.KEY_ACTIONS: (Group.PRODUCT, 10, 0, 3, {"days": 30}),
    FactorKind.ACTIVE_CONTACTS: (Group.PRODUCT, 5, 0, 60, {"days": 30, "max_age": 3650}),
    FactorKind.DAYS_SINCE_ACTIVITY: (Group.PRODUCT, 10, 45, 3, {}),
    FactorKind.DAYS_SINCE_TOUCH: (Group.RELATIONSHIP, 5, 120, 30, {}),
    # Red caps the whole: a colleague who says so knows more than the numbers.
    FactorKind.PULSE: (Group.RELATIONSHIP, 10, 0, 100, {"max_age": 90, "cap_from": 0, "cap_to": 30}),
    FactorKind.NPS: (Group.VOICE, 5, 0, 10, {"max_age": 180}),
    FactorKind.CSAT: (Group.VOICE, 5, 1, 5, {"max_age": 90}),
    FactorKind.EFFORT: (Group.VOICE, 5, 1, 7, {"max_age": 90}),
    FactorKind.OPEN_TICKETS: (Group.SUPPORT, 5, 5, 0, {"max_age": 3650}),
    FactorKind.OLDEST_TICKET: (Group.SUPPORT, 5, 30, 0, {"max_age": 3650}),
    FactorKind.OVERDUE: (Group.FINANCE, 10, 2_000, 0, {"max_age": 3650}),
    FactorKind.MRR_CHANGE: (Group.FINANCE, 5, -20, 0, {"days": 90, "max_age": 3650}),
}


@transaction.atomic
def ensure(now: datetime) -> None:
    """Publish the first model unless there is one, draft or published."""
    # Two processes that prepare one database at once would each find no model, and publish one.
    locks.hold(locks.Space.JOB, [_LOCK])
    catalogue.ensure(now)
    if not ScoringModel.objects.exists():
        versions.publish(_draft(now), now=now, by=None)


def _draft(now: datetime) -> ScoringModel:
    model = ScoringModel.objects.create(
        name=gettext("Starter model"),
        half_life=15,
        **NEW_DAYS,
        note=gettext("The weights every installation starts with."),
        created_at=now,
    )
    types = {kind.name: kind for kind in EventType.objects.filter(name__in=POINTS)}
    Weight.objects.bulk_create(
        Weight(model=model, event_type=types[name], points=Decimal(points), daily_cap=cap, is_grave=name in GRAVE)
        for name, (points, cap) in POINTS.items()
    )
    Factor.objects.bulk_create(factors(model, FACTORS))
    return model


def factors(
    model: ScoringModel, table: Mapping[FactorKind, tuple[Group, int, int, int, dict[str, Any]]]
) -> list[Factor]:
    """Return the factors of a table shaped like FACTORS, not saved."""
    return [
        Factor(model=model, kind=kind, group=group, weight=weight, worst=Decimal(worst), best=Decimal(best), **more)
        for kind, (group, weight, worst, best, more) in table.items()
    ]
