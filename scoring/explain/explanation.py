"""A customer's score taken apart: contributions that add up, with what each one is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter

from customers.models import Customer
from events.models import DailyCount, EventType
from scoring import engine
from scoring.explain.by_day import Day, days_of
from scoring.explain.next_event_effect import OneMore, one_more
from scoring.explain.score_change import Moved, moved
from scoring.inputs import read
from scoring.model_versions import assigned, versions
from scoring.models import Factor, FactorKind, Group, ScoringModel, Weight
from scoring.vectorised import BatchEngine


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
    days: list[Day]  # what it is made of, when asked for


@dataclass(frozen=True, slots=True)
class FactorLine:
    kind: FactorKind
    name: str  # of an attribute
    group: Group
    input: int | None  # hundredths
    known_on: date | None  # when it was last said, of inputs that are logged
    points: int | None  # hundredths of 0..100
    weight: int
    contribution: int  # hundredths; these, `capped` and `overridden` add up to health
    why: str  # "", or why there is no input: "unknown", "old", "silent"
    note: str  # "", "unknown" (skipped), or the null rule that stood in
    days: int  # the period, of kinds that look at one

    @property
    def label(self) -> str:
        return self.name or str(self.kind.label)


@dataclass(frozen=True, slots=True)
class Explanation:
    model: ScoringModel
    as_of: date
    known_on: date
    lines: list[Line]
    not_weighed: list[tuple[EventType, int]]
    engagement: int | None
    engagement_band: str | None
    factors: list[FactorLine]
    health: int | None
    health_band: str | None
    coverage: int  # hundredths of a per cent
    capped: int  # what a cap takes away; 0 or negative
    capped_by: FactorLine | None
    overridden: int | None  # what a colleague's judgement adds or takes away
    is_young: bool  # not known for long enough to be judged
    flagged: bool  # some of the data are beyond what can be counted
    moved: Moved | None  # against the day asked for
    one_more: list[OneMore] = field(default_factory=list)  # what the next event of each type would do, when asked for

    @property
    def grouped(self) -> list[FactorLine]:
        """The factors by group, in the groups' order; within one as the model has them."""
        order = list(Group)
        return sorted(self.factors, key=lambda line: order.index(line.group))

    @property
    def has_sum(self) -> bool:
        """Whether the factors' contributions add up to something: not where health is unknown, or only set."""
        return any(line.contribution for line in self.factors) or (self.health is not None and not self.overridden)


def explain(
    customer: Customer,
    *,
    as_of: date,
    known_on: date | None = None,
    model: ScoringModel | None = None,
    against: int | None = None,
    detailed: bool = False,
) -> Explanation | None:
    """Take a customer's score of a day apart; None before a model is published.

    `known_on`: with what was known at that day's close (None: on the day itself). `model`: by that version (None: by
    the one that scores the customer now). `against`: also what moved since that many days before, as known then.
    `detailed`: also day by day, and what one more event of each type would do.
    """
    model = model or assigned.model_of(customer)
    if model is None:
        return None
    known_on = known_on or as_of
    batch_engine, day = BatchEngine(versions.load(model)), as_of - timedelta(days=against or 0)
    assert customer.pk is not None
    columns = read.current(batch_engine, [customer.pk], as_of=as_of, known_on=known_on, back=against or 0)
    facts = read.of_one(columns, batch_engine.names)
    engagement, health = _scored(batch_engine, facts, as_of, known_on)
    weights = {weight.event_type_id: weight for weight in model.weights.all()}
    types = {pk: weight.event_type for pk, weight in weights.items()}
    difference = None
    if against is not None:
        then = read.of_one(read.earlier(batch_engine, columns, day), batch_engine.names)
        difference = moved(_scored(batch_engine, then, day, day), (engagement, health), types, day, against)
    factors = _factors(model, batch_engine.model, facts, engagement, health, (as_of, known_on))
    days = {"as_of": as_of, "known_on": known_on}
    return Explanation(
        model=model,
        as_of=as_of,
        known_on=known_on,
        lines=_lines(model, weights, engagement, days_of(batch_engine.model, facts, **days) if detailed else {}),
        not_weighed=_not_weighed(model, customer, as_of, known_on),
        engagement=engagement.total,
        engagement_band=engagement.band,
        factors=factors,
        health=health.total,
        health_band=health.band,
        coverage=health.coverage,
        capped=health.capped,
        capped_by=_capping(factors, health),
        overridden=health.overridden,
        is_young=health.is_young,
        flagged=engine.is_flagged(batch_engine.model, facts, as_of=as_of.toordinal(), known_on=known_on.toordinal()),
        moved=difference,
        one_more=one_more(batch_engine, facts, types, **days) if detailed else [],
    )


def _scored(
    batch_engine: BatchEngine, facts: engine.Facts, as_of: date, known_on: date
) -> tuple[engine.Engagement, engine.Health]:
    return engine.score(batch_engine.model, facts, as_of=as_of.toordinal(), known_on=known_on.toordinal())


def _lines(
    model: ScoringModel, weights: Mapping[int, Weight], engagement: engine.Engagement, days: Mapping[int, list[Day]]
) -> list[Line]:
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
            days=days.get(line.weight.event_type, []),
        )
        for line in engagement.lines
        if line.count
    ]
    return sorted(lines, key=lambda line: (-abs(line.contribution), line.event_type.name))


def _factors(
    model: ScoringModel,
    loaded: engine.Model,
    facts: engine.Facts,
    engagement: engine.Engagement,
    health: engine.Health,
    days: tuple[date, date],
) -> list[FactorLine]:
    as_of, known_on = (day.toordinal() for day in days)
    readings = engine.readings(loaded, facts, engagement, as_of=as_of, known_on=known_on)
    rows = sorted(model.factors.all(), key=attrgetter("pk"))
    return [_factor(row, line, readings[line.factor.key]) for row, line in zip(rows, health.lines, strict=True)]


def _factor(row: Factor, line: engine.FactorLine, reading: engine.Reading) -> FactorLine:
    return FactorLine(
        kind=FactorKind(row.kind),
        name=row.name,
        group=Group(row.group),
        input=line.input,
        known_on=None if reading.known_on is None else date.fromordinal(reading.known_on),
        points=None if line.points is None else line.points * 100 // engine.POINT,
        weight=row.weight,
        contribution=line.contribution,
        why=reading.why,
        note="" if line.input is not None else "unknown" if line.points is None else row.null_rule,
        days=row.days,
    )


def _capping(factors: list[FactorLine], health: engine.Health) -> FactorLine | None:
    capping = (shown for shown, line in zip(factors, health.lines, strict=True) if line.factor is health.capped_by)
    return next(capping, None)


def _not_weighed(model: ScoringModel, customer: Customer, as_of: date, known_on: date) -> list[tuple[EventType, int]]:
    """Return the event types of the window that the version does not know, with their counts."""
    since = date.fromordinal(as_of.toordinal() - model.window)
    rows = (
        DailyCount.objects.filter(customer=customer, day__gt=since, day__lte=as_of, known_on__lte=known_on)
        .exclude(event_type__in=[weight.event_type_id for weight in model.weights.all()])
        .values_list("event_type", "count")
    )
    totals: dict[int, int] = {}
    for event_type, count in rows:
        totals[event_type] = totals.get(event_type, 0) + count
    types = EventType.objects.in_bulk(totals)
    return sorted(((types[pk], n) for pk, n in totals.items()), key=lambda pair: (-pair[1], pair[0].name))
