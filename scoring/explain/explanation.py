"""The breakdown of a customer's score: contributions that add up, with what each one is made of."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter

from django.db.models import Exists, OuterRef, Subquery, Sum

from customers.models import Customer
from events.models import DailyCount, EventType
from scoring import engine
from scoring.explain.by_day import Day, contribution_days
from scoring.explain.next_event_effect import NextEventEffect, next_event_effects
from scoring.explain.score_change import ScoreChange, Scored, compare
from scoring.inputs import several_days
from scoring.model_versions import assigned, versions
from scoring.models import Factor, FactorKind, Group, ScoringModel
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
    days: list[Day] = field(default_factory=list)  # what it is made of, when asked for


@dataclass(frozen=True, slots=True)
class FactorLine:
    kind: FactorKind
    name: str  # of an attribute
    group: Group
    input: int | None  # hundredths
    known_on: date | None  # when it was last logged, of inputs that are logged
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
    event_types: list[EventType] = field(default_factory=list)  # of which the customer ever had events, by name
    not_weighed: list[tuple[EventType, int]] = field(default_factory=list)
    change: ScoreChange | None = None  # against the day asked for
    next_event_effects: list[NextEventEffect] = field(default_factory=list)  # when asked for

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
    """Break a customer's score of a day down; None before a model is published.

    Seven queries, five with a model that has its parts; one more where an old day has to be looked up, and one where a
    factor names a source.

    `known_on`: with what was known at that day's close (None: on the day itself). `model`: by that version (None: by
    the one that scores the customer now). `against`: also what changed since that many days before, as known then.
    `detailed`: also day by day, and what one more event of each type would do.
    """
    model = model or assigned.model_of(customer)
    if model is None:
        return None
    known_on, before = known_on or as_of, as_of - timedelta(days=against or 0)
    batch_engine = BatchEngine(versions.load(model))
    assert customer.pk is not None
    facts, facts_before = several_days.two_days_of_one(
        batch_engine, customer.pk, as_of=as_of, known_on=known_on, before=before
    )
    scores = scored(batch_engine, facts, as_of, known_on)
    change = None
    if against is not None:
        types = {weight.event_type_id: weight.event_type for weight in model.weights.all()}
        change = compare(scored(batch_engine, facts_before, before, before), scores, types, before, against)
    explanation = _explanation(model, batch_engine, facts, scores, as_of, known_on)
    event_types = event_types_of(customer, model.window, as_of, known_on)
    whole = replace(explanation, change=change, event_types=event_types, not_weighed=_not_weighed(event_types, model))
    return _with_details(whole, batch_engine, facts) if detailed else whole


def _explanation(
    model: ScoringModel,
    batch_engine: BatchEngine,
    facts: engine.Facts,
    scores: Scored,
    as_of: date,
    known_on: date,
) -> Explanation:
    """Return what the scores themselves say: neither the change, nor the types that are not weighed, nor details."""
    engagement, health = scores
    factors = _factors(model, batch_engine.model, facts, engagement, health, (as_of, known_on))
    days = {"as_of": as_of.toordinal(), "known_on": known_on.toordinal()}
    return Explanation(
        model=model,
        as_of=as_of,
        known_on=known_on,
        lines=_lines(model, engagement),
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
        flagged=engine.is_flagged(batch_engine.model, facts, **days),
    )


def _with_details(explanation: Explanation, batch_engine: BatchEngine, facts: engine.Facts) -> Explanation:
    """Add the days each line is made of, and what the next event of each type would do."""
    days = {"as_of": explanation.as_of, "known_on": explanation.known_on}
    types = {weight.event_type_id: weight.event_type for weight in explanation.model.weights.all()}
    by_type = contribution_days(batch_engine.model, facts, **days)
    lines = [replace(line, days=by_type.get(line.event_type.pk, [])) for line in explanation.lines]
    return replace(explanation, lines=lines, next_event_effects=next_event_effects(batch_engine, facts, types, **days))


def scored(batch_engine: BatchEngine, facts: engine.Facts, as_of: date, known_on: date) -> Scored:
    return engine.score(batch_engine.model, facts, as_of=as_of.toordinal(), known_on=known_on.toordinal())


def _lines(model: ScoringModel, engagement: engine.Engagement) -> list[Line]:
    weights = {weight.event_type_id: weight for weight in model.weights.all()}
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


def event_types_of(customer: Customer, window: int, as_of: date, known_on: date) -> list[EventType]:
    """Return the types the customer has events of, by name, with their counts of the window as `lately`. One query."""
    counted = DailyCount.objects.filter(customer=customer, event_type=OuterRef("pk"))
    since = date.fromordinal(max(1, as_of.toordinal() - window))
    lately = counted.filter(day__gt=since, day__lte=as_of, known_on__lte=known_on)
    total = Subquery(lately.order_by().values("event_type").annotate(total=Sum("count")).values("total"))
    return list(EventType.objects.filter(Exists(counted)).annotate(lately=total).order_by("name"))


def _not_weighed(event_types: Iterable[EventType], model: ScoringModel) -> list[tuple[EventType, int]]:
    """Return the event types of the window that the version does not know, with their counts."""
    weighed = {weight.event_type_id for weight in model.weights.all()}
    counts = [(row, getattr(row, "lately", None)) for row in event_types if row.pk not in weighed]
    return sorted(((row, int(count)) for row, count in counts if count), key=lambda pair: (-pair[1], pair[0].name))
