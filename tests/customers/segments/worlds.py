"""Customers and rules made by chance, and a plain evaluation of each condition, written apart from the queries."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from customers.models import AttributeDefinition, Contact, Customer, InputLog
from events.models import DailyCount, EventType
from playbooks.models import Task, TaskState
from records.models import Contract
from scoring.models import Compared, CurrentScore, EngagementBand, HealthBand, ScoreHistory, ScoringModel
from staff.models import User
from surveys.models import Answer, Survey
from tests.conftest import NOW

TODAY = NOW.date()
PLANS, TAGS, ROLES, LOCALES = (
    ("", "Pro", "basic"),
    ("vip", "late"),
    ("", "Champion", "buyer"),
    ("fr", "fr-CA", "ru", ""),
)
EVENTS = ("Signed in", "Feature used")
COLLEAGUES: list[int] = []  # ids of those who have tasks, since the worlds were made
INPUTS = ("pulse", "nps", "open_tickets")


@dataclass
class One:
    """A customer as plain values."""

    customer: Customer
    stages: list[tuple[date, str]] = field(default_factory=list)
    contacts: list[dict[str, Any]] = field(default_factory=list)
    counts: list[tuple[str, date, date, int]] = field(default_factory=list)  # event, day, known on, count
    contracts: list[tuple[date, date | None, date | None]] = field(default_factory=list)  # starts, renews, ends
    answers: list[tuple[str, int, date, bool]] = field(default_factory=list)  # kind, score, day, to follow up
    current: dict[str, Any] | None = None
    history: dict[date, dict[str, Any]] = field(default_factory=dict)
    compared: dict[tuple[date, int], dict[str, Any]] = field(default_factory=dict)
    inputs: list[tuple[str, date, int | None]] = field(default_factory=list)
    tasks: list[tuple[str, date | None, int | None]] = field(default_factory=list)  # open: kind, due, assignee


def make(chance: random.Random, count: int) -> list[One]:
    """Store so many customers, with all that conditions look at. Needs the starter model."""
    AttributeDefinition.objects.bulk_create(
        [
            AttributeDefinition(key="size", label="Size", type="number"),
            AttributeDefinition(key="since", label="Since", type="day"),
            AttributeDefinition(key="beta", label="Beta", type="yes_no"),
            AttributeDefinition(key="tier", label="Tier", type="option", options=["gold", "silver"]),
            AttributeDefinition(key="note", label="Note"),
        ]
    )
    ones = [One(customer) for customer in Customer.objects.bulk_create([_customer(chance, n) for n in range(count)])]
    COLLEAGUES[:] = [User.objects.create_user(f"c{n}@example.com", name=f"C {n}").pk for n in range(2)]
    survey = Survey.objects.create(name="S", kind="nps", created_at=NOW)
    version = ScoringModel.objects.current()
    assert version is not None
    types = {row.name: row for row in EventType.objects.filter(name__in=EVENTS)}
    for one in ones:
        _records(chance, one, survey)
        _tasks(chance, one)
        _counts(chance, one, types)
        _scores(chance, one, version)
    return ones


def _customer(chance: random.Random, n: int) -> Customer:
    attributes = {
        "size": chance.choice([3, 5.5, "7", "7 or so", True, None]),
        "since": chance.choice(["2026-06-10", "2026-07-01T10:00:00Z", "soon", 5]),
        "beta": chance.choice([True, False, "True", "maybe"]),
        "tier": chance.choice(["gold", "Silver", ""]),
        "note": chance.choice(["a plan", "", "other"]),
    }
    for key in list(attributes):
        if chance.random() < 0.25:
            del attributes[key]
    stage = chance.choice(["trial", "active", "active", "churned"])
    return Customer(
        name=f"C {n}",
        stage=stage,
        churned_on=TODAY - timedelta(days=chance.randrange(40)) if stage == "churned" else None,
        plan=chance.choice(PLANS),
        seats=chance.choice([None, 1, 10]),
        tags=[tag for tag in TAGS if chance.random() < 0.4],
        attributes=attributes,
        provisional=chance.random() < 0.05,
        created_at=NOW,
    )


def _records(chance: random.Random, one: One, survey: Survey) -> None:
    pk = one.customer.pk
    day = lambda reach: TODAY + timedelta(days=chance.randrange(-reach, reach))  # noqa: E731
    ago = TODAY - timedelta(days=chance.randrange(60))
    one.stages = [(ago, one.customer.stage)]
    if chance.random() < 0.5:
        one.stages.append((ago - timedelta(days=20), chance.choice(["trial", "active"])))
    for name in INPUTS:
        for _ in range(chance.randrange(3)):
            one.inputs.append((name, TODAY - timedelta(days=chance.randrange(500)), chance.choice([None, 0, 5_000])))
    one.inputs = list({(name, on): (name, on, number) for name, on, number in one.inputs}.values())
    InputLog.objects.bulk_create(
        [InputLog(customer_id=pk, name="stage", known_on=on, text=stage) for on, stage in one.stages]
        + [InputLog(customer_id=pk, name=name, known_on=on, number=number) for name, on, number in one.inputs]
    )
    for _ in range(chance.randrange(3)):
        person = {"role": chance.choice(ROLES), "locale": chance.choice(LOCALES), "traits": {"seat": "x"}}
        one.contacts.append(person)
        Contact.objects.create(customer=one.customer, created_at=NOW, **person)
    if chance.random() < 0.2:  # must not be found
        Contact.objects.create(customer=one.customer, role="Champion", removed_at=NOW, created_at=NOW)
    for _ in range(chance.randrange(3)):
        starts = day(60)
        dates = (starts, chance.choice([None, day(60)]), chance.choice([None, starts + timedelta(days=30)]))
        one.contracts.append(dates)
        Contract.objects.create(
            customer=one.customer, name="C", currency="EUR", starts_on=starts, renews_on=dates[1], ends_on=dates[2]
        )
    for _ in range(chance.randrange(2)):
        score, on, waits = chance.randrange(11), TODAY - timedelta(days=chance.randrange(60)), chance.random() < 0.5
        one.answers.append(("nps", score, on, waits))
        at = datetime.combine(on, time(12), UTC)
        Answer.objects.create(
            customer=one.customer, survey=survey, kind="nps", score=score, answered_at=at, needs_care=waits, via="email"
        )


def _tasks(chance: random.Random, one: One) -> None:
    for _ in range(chance.randrange(3)):
        due = chance.choice([None, TODAY + timedelta(days=chance.randrange(-9, 20))])
        row = (chance.choice(["call", "other"]), due, chance.choice([None, *COLLEAGUES]))
        task = Task(customer=one.customer, title="T", kind=row[0], due_on=row[1], assignee_id=row[2], created_at=NOW)
        if chance.random() < 0.3:  # closed: must not be found
            task.state, task.closed_at = TaskState.DONE, NOW
        else:
            one.tasks.append(row)
        task.save(force_insert=True)


def _counts(chance: random.Random, one: One, types: dict[str, EventType]) -> None:
    rows: dict[tuple[str, date, date], int] = {}
    for _ in range(chance.randrange(6)):
        day = TODAY - timedelta(days=chance.randrange(70))
        name, count = chance.choice(EVENTS), chance.randrange(1, 4)
        rows[name, day, day + timedelta(days=chance.choice([0, 0, 2]))] = count
        if chance.random() < 0.3:
            rows[name, day, day + timedelta(days=3)] = -count  # withdrawn
    one.counts = [(*key, count) for key, count in rows.items() if key[2] <= TODAY]
    DailyCount.objects.bulk_create(
        [
            DailyCount(customer=one.customer, event_type=types[name], day=day, known_on=on, count=count, value_sum=0)
            for name, day, on, count in one.counts
        ]
    )


def _scores(chance: random.Random, one: One, version: ScoringModel) -> None:
    if chance.random() < 0.2:
        return
    one.current = _numbers(chance) | {
        f"{name}_change_{lag}": chance.choice([None, -2_000, 0, 700])
        for name in ("health", "engagement")
        for lag in (7, 30)
    }
    one.current["monthly_value"] = chance.choice([None, Decimal(50), Decimal(500)])
    rest = {"model": version, "inputs_digest": b"", "flagged": False}
    CurrentScore.objects.create(
        customer=one.customer, as_of=TODAY, scored_at=NOW, at_risk=False, value_is_typical=False, renews_soon=False,
        **rest, **one.current,
    )  # fmt: skip
    for lag in (1, 8, 31):
        if chance.random() < 0.8:
            day = TODAY - timedelta(days=lag)
            one.history[day] = _numbers(chance)
            other = version.pk + 1 if lag > 1 and chance.random() < 0.3 else version.pk
            one.history[day]["model"] = other
            _history(one, day, other)
            if other != version.pk:
                numbers = {"health": 1_000, "engagement": 1_000}
                one.compared[day, version.pk] = numbers
                Compared.objects.create(customer=one.customer, day=day, model=version, **numbers)


def _history(one: One, day: date, version: int) -> None:
    numbers = {name: value for name, value in one.history[day].items() if name != "model"}
    ScoreHistory.objects.create(
        customer=one.customer, day=day, model_id=version, inputs_digest=b"", flagged=False, at_risk=False, **numbers
    )


def _numbers(chance: random.Random) -> dict[str, Any]:
    health, engagement = chance.choice([None, 2_000, 8_000]), chance.choice([None, 0, 9_000])
    return {
        "health": health,
        "health_band": None if health is None else HealthBand.RED if health < 5_000 else HealthBand.GREEN,
        "engagement": engagement,
        "engagement_band": None
        if engagement is None
        else EngagementBand.GONE_QUIET
        if not engagement
        else EngagementBand.HIGHLY_ENGAGED,
        "coverage": chance.choice([3_000, 10_000]),
    }
