"""The cast of the page tests: colleagues, and customers with the scores a test says they have."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from core.days import business_day
from customers.models import Contact, Customer, InputLog
from events.models import DailyCount, Event, EventType, Source, TypeDay
from scoring.models import CurrentScore, EngagementBand, HealthBand, ScoringModel
from staff.models import Role, User
from tests.conftest import NOW

TODAY = NOW.date()
PASSWORD = "correct horse battery"


def colleague(name: str, role: Role = Role.CSM, **fields: Any) -> User:
    return User.objects.create_user(f"{name.lower()}@example.com", PASSWORD, name=name, role=role, **fields)


def customer(name: str, **fields: Any) -> Customer:
    return Customer.objects.create(name=name, created_at=NOW, **fields)


def known_for(days: int) -> None:
    """Have all customers been there for so many days, so that they are not new."""
    InputLog.objects.filter(name="stage").update(known_on=_day(days))


def score(of: Customer, **fields: Any) -> CurrentScore:
    """Write a current score: engagement 50, health 60 unless said otherwise. Numbers in hundredths."""
    return CurrentScore.objects.create(**{"customer": of, **score_fields(), **fields})


def score_fields() -> dict[str, Any]:
    return {
        "model": ScoringModel.objects.current() or ScoringModel.objects.create(name="First", created_at=NOW),
        "engagement": 5_000,
        "engagement_band": EngagementBand.SOMEWHAT_ENGAGED,
        "health": 6_000,
        "health_band": HealthBand.YELLOW,
        "coverage": 10_000,
        "last_active_on": TODAY,
        "inputs_digest": b"",
        "as_of": TODAY,
        "scored_at": NOW,
        "at_risk": False,
        "value_is_typical": False,
        "renews_soon": False,
    }


def at_risk(name: str, *, pays: str | None = "100", **fields: Any) -> Customer:
    """Make a customer at risk: health 20, red; its urgency is what it `pays`.

    `fields` are the customer's or the score's.
    """
    own = {
        key: value for key, value in fields.items() if key in {"owner", "mrr", "currency", "stage", "team", "parent"}
    }
    worried = customer(name, **own)
    numbers = {key: value for key, value in fields.items() if key not in own}
    value = None if pays is None else Decimal(pays)
    score(
        worried,
        **{
            "health": 2_000,
            "health_band": HealthBand.RED,
            "at_risk": True,
            "monthly_value": value,
            "urgency": value,
            **numbers,
        },
    )
    return worried


def counted(of: Customer, event_type: str, *days_ago: int, count: int = 1, known: int | None = None) -> None:
    """Write counts as ingestion would, one row for each day; `known`: so many days ago, else on the day itself."""
    kind = EventType.objects.get(name=event_type)
    DailyCount.objects.bulk_create(
        DailyCount(
            customer=of,
            event_type=kind,
            day=_day(ago),
            known_on=_day(ago if known is None else known),
            count=count,
            value_sum=0,
        )
        for ago in days_ago
    )
    for ago in days_ago:
        came = _day(ago if known is None else known)
        TypeDay.objects.get_or_create(event_type=kind, day=_day(ago), known_on=came, received_on=came, by_contact=True)


def happened(of: Customer, event_type: str, at: datetime, contact: Contact | None = None, **fields: Any) -> Event:
    kind = EventType.objects.get(name=event_type)
    source, _made = Source.objects.get_or_create(name="Test", defaults={"kind": Source.Kind.SAMPLE, "created_at": NOW})
    return Event.objects.create(
        customer=of,
        event_type=kind,
        contact=contact,
        source=source,
        occurred_at=at,
        day=business_day(at),
        received_at=at,
        known_on=at.date(),
        is_activity=kind.is_activity,
        message_hash=b"",
        **fields,
    )


def _day(ago: int) -> date:
    return TODAY - timedelta(days=ago)
