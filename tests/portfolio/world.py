"""A portfolio drawn by chance, the same each time: customers, scores of today, bands of then, renewals, contacts."""

from datetime import timedelta
from decimal import Decimal
from random import Random

from customers.models import Customer, Segment, Snooze, Stage
from playbooks.models import Task
from records.models import Contract, Note, RenewalForecast
from scoring.models import CurrentScore, HealthBand, PastBand, PastDay, ScoringModel
from scoring.runs import past_days
from staff.models import Role, Team
from tests.conftest import NOW
from tests.pages import cast

TODAY = NOW.date()
BANDS = [*HealthBand.values, None]


def make(seed: int, customers: int = 60) -> None:
    """Fill an empty installation: colleagues Ada, Bo and the limited Lou, two teams, a shared segment."""
    chance = Random(seed)
    owners = [cast.colleague("Ada"), cast.colleague("Bo", Role.LEAD), cast.colleague("Lou", is_limited=True), None]
    teams = [Team.objects.create(name="North"), Team.objects.create(name="South"), None]
    Segment.objects.create(name="Pros", owner=owners[0], is_shared=True, query={"plan": "pro"}, created_at=NOW)
    for period in past_days.PERIODS.values():
        PastDay.objects.get_or_create(
            day=period(TODAY), versions=past_days.current_versions(), defaults={"asked_at": NOW, "made_at": NOW}
        )
    for n in range(customers):
        one_customer(chance, n, owners, teams)


def one_customer(chance, n, owners, teams):
    stage = chance.choice([Stage.ACTIVE, Stage.ACTIVE, Stage.TRIAL, Stage.CHURNED, Stage.ARCHIVED])
    made = cast.customer(
        f"Customer {n}",
        stage=stage,
        plan=chance.choice(["pro", "Pro", "basic", "", "a & b=c"]),
        industry=chance.choice(["Retail", "retail", ""]),
        country=chance.choice(["France", "Kenya"]),
        owner=chance.choice(owners),
        second_owner=chance.choice(owners),
        team=chance.choice(teams),
        provisional=chance.random() < 0.05,
        churned_on=TODAY - timedelta(days=5) if stage == Stage.CHURNED else None,
    )
    if chance.random() < 0.9:
        band = chance.choice(BANDS)
        cast.score(
            made,
            health=None if band in (None, "new") else chance.randrange(10_001),
            health_band=band,
            monthly_value=None if chance.random() < 0.2 else Decimal(chance.randrange(100, 90_000)) / 100,
            at_risk=chance.random() < 0.3,
        )
    if chance.random() < 0.2:
        Snooze.objects.create(customer=made, kind="snoozed", until=TODAY + timedelta(days=3), reason="x", at=NOW)
    for day in PastDay.objects.all():
        if chance.random() < 0.8:
            value = None if chance.random() < 0.2 else Decimal(chance.randrange(100, 90_000)) / 100
            PastBand.objects.create(of=day, customer=made, health_band=chance.choice(BANDS), monthly_value=value)
    records(chance, made)


def records(chance, made):
    for _ in range(chance.randrange(3)):
        renews_on = TODAY + timedelta(days=chance.randrange(-20, 200))
        Contract.objects.create(
            customer=made,
            name="Contract",
            starts_on=TODAY - timedelta(days=400),
            renews_on=renews_on,
            ends_on=None if chance.random() < 0.9 else renews_on - timedelta(days=1),
            monthly_value=None if chance.random() < 0.2 else chance.randrange(1_000),
            currency="EUR",
        )
        if chance.random() < 0.5:
            RenewalForecast.objects.get_or_create(
                customer=made,
                id=f"{renews_on:%Y-%m}",
                defaults={"category": chance.choice(RenewalForecast.Category.values), "amount": 50, "at": NOW},
            )
    for _ in range(chance.randrange(3)):
        kind = chance.choice(Note.Kind.values)
        at = NOW - timedelta(days=chance.randrange(80))
        purpose = chance.choice(["", *Note.Purpose.values])
        Note.objects.create(customer=made, kind=kind, purpose=purpose, text="x", at=at)
    for _ in range(chance.randrange(3)):
        due_on = chance.choice([None, TODAY - timedelta(days=9), TODAY - timedelta(days=1), TODAY])
        state = chance.choice(["open", "open", "done"])
        closed_at = None if state == "open" else NOW
        Task.objects.create(
            customer=made, title="Call", due_on=due_on, state=state, closed_at=closed_at, created_at=NOW
        )


def listed(query, user):
    """Return the customers whom the customer list shows for a query."""
    from django.http import QueryDict

    from desk.list.list_filter import ListFilter

    filterset = ListFilter(QueryDict(query), queryset=Customer.objects.visible_to(user).known())
    assert filterset.is_valid(), (query, filterset.errors)
    return list(filterset.qs.order_by("pk").values_list("pk", flat=True))


def worth_now(pks):
    values = CurrentScore.objects.filter(customer__in=pks).values_list("monthly_value", flat=True)
    return sum((value for value in values if value is not None), Decimal(0))


def worth_then(pks, day):
    rows = PastBand.objects.filter(customer__in=pks, of__day=day, of__versions=past_days.current_versions())
    return sum((row.monthly_value for row in rows if row.monthly_value is not None), Decimal(0))


def version():
    return ScoringModel.objects.current()
