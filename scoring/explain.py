"""A customer's score taken apart: contributions that add up, with what each one is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from core import days
from customers.models import Customer
from events.models import DailyCount, EventType
from scoring import engine, read, versions
from scoring.columns import NEVER, Arithmetic
from scoring.models import FactorKind, ScoringModel, Weight
from scoring.moved import Moved, moved


@dataclass(frozen=True, slots=True)
class Line:
    event_type: EventType
    count: int
    quantity: int  # after units and daily caps
    points: Decimal
    contribution: int  # hundredths
    contacts: int  # what it was divided by; 1: nothing
    window: int
    half_life: int | None


@dataclass(frozen=True, slots=True)
class FactorLine:
    kind: FactorKind
    input: int | None  # hundredths
    points: int | None  # hundredths of 0..100
    weight: int
    contribution: int  # hundredths; these add up to health
    note: str  # "", "unknown" (skipped), or the null rule that stood in


@dataclass(frozen=True, slots=True)
class Explanation:
    model: ScoringModel
    as_of: date
    lines: list[Line]
    not_weighed: list[tuple[EventType, int]]
    engagement: int | None
    engagement_band: str | None
    factors: list[FactorLine]
    health: int | None
    health_band: str | None
    coverage: int  # hundredths of a per cent
    moved: Moved | None  # against the day asked for


def explain(customer: Customer, *, now: datetime, against: int | None = None) -> Explanation | None:
    """Take the customer's current score apart, as of today; None before a model is published.

    `against`: also what moved since that many days ago. Eight queries, up to three more with `against`.
    """
    model = ScoringModel.objects.current()
    if model is None:
        return None
    today = days.utc_day(now)
    loaded = versions.load(model)
    engagement, health = scored(loaded, customer.pk, as_of=today, known_on=today)
    weights = {weight.event_type_id: weight for weight in model.weights.select_related("event_type")}
    difference = None
    if against is not None:
        day = today - timedelta(days=against)
        then = scored(loaded, customer.pk, as_of=day, known_on=day)
        types = {pk: weight.event_type for pk, weight in weights.items()}
        difference = moved(then, (engagement, health), types, day, against)
    return Explanation(
        model=model,
        as_of=today,
        lines=_lines(model, weights, engagement),
        not_weighed=_not_weighed(model, customer, today),
        engagement=engagement.total,
        engagement_band=engagement.band,
        factors=_factors(model, health),
        health=health.total,
        health_band=health.band,
        coverage=health.coverage,
        moved=difference,
    )


def scored(
    model: engine.Model, customer: int, *, as_of: date, known_on: date
) -> tuple[engine.Engagement, engine.Health]:
    """Score one customer with the plain engine, from the same columns the fast path reads."""
    columns = read.current(Arithmetic(model), [customer], as_of=as_of, known_on=known_on)
    last = int(columns.ever_active[0])
    ever_active = None if last == NEVER else last
    engagement = engine.engagement(
        model,
        [engine.Count(*row[1:]) for row in columns.counts.tolist()],
        [engine.Active(*row[1:]) for row in columns.actives.tolist()],
        as_of=as_of.toordinal(),
        known_on=known_on.toordinal(),
        ever_active=ever_active,
    )
    return engagement, engine.health(model, inputs(engagement, ever_active, as_of.toordinal()))


def inputs(engagement: engine.Engagement, ever_active: int | None, as_of: int) -> dict[str, int | None]:
    """Return the inputs of health by factor kind, in hundredths; None is unknown."""
    return {
        FactorKind.ENGAGEMENT.value: engagement.total,
        FactorKind.DAYS_SINCE_ACTIVITY.value: None if ever_active is None else (as_of - ever_active) * 100,
    }


def _lines(model: ScoringModel, weights: Mapping[int, Weight], engagement: engine.Engagement) -> list[Line]:
    lines = [
        Line(
            event_type=weights[line.weight.event_type].event_type,
            count=line.count,
            quantity=line.quantity,
            points=weights[line.weight.event_type].points,
            contribution=line.contribution,
            contacts=line.contacts,
            window=line.weight.window,
            half_life=weights[line.weight.event_type].half_life or model.half_life,
        )
        for line in engagement.lines
        if line.count
    ]
    return sorted(lines, key=lambda line: (-abs(line.contribution), line.event_type.name))


def _factors(model: ScoringModel, health: engine.Health) -> list[FactorLine]:
    rules = {factor.kind: factor.null_rule for factor in model.factors.all()}
    return [
        FactorLine(
            kind=FactorKind(line.factor.kind),
            input=line.input,
            points=None if line.points is None else line.points * 100 // engine.POINT,
            weight=line.factor.weight,
            contribution=line.contribution,
            note="" if line.input is not None else "unknown" if line.points is None else rules[line.factor.kind],
        )
        for line in health.lines
    ]


def _not_weighed(model: ScoringModel, customer: Customer, today: date) -> list[tuple[EventType, int]]:
    """Return the event types of the window that the version does not know, with their counts."""
    since = date.fromordinal(today.toordinal() - model.window)
    rows = (
        DailyCount.objects.filter(customer=customer, day__gt=since, day__lte=today)
        .exclude(event_type__in=model.weights.values("event_type"))
        .values_list("event_type", "count")
    )
    totals: dict[int, int] = {}
    for event_type, count in rows:
        totals[event_type] = totals.get(event_type, 0) + count
    types = EventType.objects.in_bulk(totals)
    return sorted(((types[pk], n) for pk, n in totals.items()), key=lambda pair: (-pair[1], pair[0].name))
