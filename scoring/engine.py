"""The arithmetic of engagement and health, on integers, one customer at a time (docs/scoring.md).

This is the definition: plain Python, no Django, no clock, numbers a reader can redo. `scoring.columns` does the
same for many customers at once and must give the same bits; explanations are made here.

Units: points, engagement and health in hundredths; decay in millionths; values in thousandths; days as
proleptic ordinals (`date.toordinal`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

DECAY_ONE = 1_000_000
POINT = 1_000_000  # one point of a factor, in millionths
VALUE_LIMIT = 9 * 10**18  # a day's value sum beyond this is taken as this


@dataclass(frozen=True, slots=True)
class Weight:
    event_type: int
    points: int
    daily_cap: int
    decay: tuple[int, ...]  # by age; its length is the window
    unit: int | None = None  # None: events are counted
    per_contact: bool = False
    is_activity: bool = True

    @property
    def window(self) -> int:
        return len(self.decay)


@dataclass(frozen=True, slots=True)
class Factor:
    kind: str
    weight: int
    worst: int  # in the hundredths of the input
    best: int
    null_points: int | None = None  # what counts when the input is unknown; None: the others share the weight
    max_age: int = 365


@dataclass(frozen=True, slots=True)
class Bands:
    """Lower and upper bounds, hundredths. `disengaged_to` and those after it belong to the band below them."""

    disengaged_from: int
    disengaged_to: int
    somewhat_to: int
    highly_to: int
    yellow_from: int
    green_from: int


@dataclass(frozen=True, slots=True)
class Model:
    version: int
    window: int
    weights: tuple[Weight, ...]
    factors: tuple[Factor, ...]
    bands: Bands
    least_coverage: int  # per cent

    @property
    def longest_window(self) -> int:
        return max([self.window, *(weight.window for weight in self.weights)])


@dataclass(frozen=True, slots=True)
class Count:
    event_type: int
    day: int
    known_on: int
    count: int
    value_sum: int = 0


@dataclass(frozen=True, slots=True)
class Active:
    contact: int
    day: int
    known_on: int


@dataclass(frozen=True, slots=True)
class Line:
    """What one event type contributes: `count` events, of which `quantity` after units and caps."""

    weight: Weight
    count: int
    quantity: int
    contacts: int
    contribution: int


@dataclass(frozen=True, slots=True)
class FactorLine:
    factor: Factor
    input: int | None
    points: int | None  # millionths of a point; None: unknown and skipped
    contribution: int


@dataclass(frozen=True, slots=True)
class Engagement:
    """`total` is None when the customer never did anything and nothing counts: no data."""

    lines: tuple[Line, ...]
    total: int | None
    band: str | None
    last_active: int | None


@dataclass(frozen=True, slots=True)
class Health:
    lines: tuple[FactorLine, ...]
    total: int | None
    band: str | None
    coverage: int  # hundredths of a per cent
    inputs: Mapping[str, int | None] = field(default_factory=dict)


def decay_table(window: int, half_life: int | None) -> list[int]:
    """Return 2^(−age/half_life) in millionths, rounded, for each age of the window; all one without a half-life."""
    if half_life is None:
        return [DECAY_ONE] * window
    return [round(DECAY_ONE * 2 ** (-age / half_life)) for age in range(window)]


def quantity(count: int, value_sum: int, weight: Weight) -> int:
    """Return how much of a day counts: events, or whole units of value truncated towards zero, then clamped."""
    if weight.unit is None:
        whole = count
    else:
        value = max(-VALUE_LIMIT, min(VALUE_LIMIT, value_sum))
        whole = abs(value) // weight.unit * (1 if value >= 0 else -1)
    return max(0, min(whole, weight.daily_cap))


def contribution(points: int, decayed: int, contacts: int) -> int:
    """Return points × Σ quantity × decay, over the active contacts, rounded half away from zero to hundredths."""
    x = points * decayed
    d = DECAY_ONE * contacts
    rounded = (abs(x) + d // 2) // d
    return rounded if x >= 0 else -rounded


def engagement(
    model: Model,
    counts: Iterable[Count],
    actives: Iterable[Active],
    *,
    as_of: int,
    known_on: int,
    ever_active: int | None,
) -> Engagement:
    """Score one customer at the close of `as_of` with what was known at the close of `known_on`.

    `counts` and `actives` in any order; rows outside the window or not yet known are left out here.
    `ever_active` is the last activity day on or before as_of as known then, however long ago; None if never.
    """
    days: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for row in counts:
        if row.known_on <= known_on and row.day <= as_of:
            day = days[row.event_type][as_of - row.day]
            day[0] += row.count
            day[1] += row.value_sum
    known = [row for row in actives if row.known_on <= known_on and row.day <= as_of]
    lines = tuple(_line(weight, days[weight.event_type], known, as_of) for weight in model.weights)
    quiet = ever_active is not None and as_of - ever_active >= model.window
    if ever_active is None and not any(line.contribution for line in lines):
        return Engagement(lines, None, None, None)
    total = sum(line.contribution for line in lines)
    return Engagement(lines, total, engagement_band(total, model.bands, quiet=quiet), ever_active)


def _line(weight: Weight, days: Mapping[int, Sequence[int]], actives: Sequence[Active], as_of: int) -> Line:
    within = {age: day for age, day in days.items() if age < weight.window}
    quantities = {age: quantity(count, value_sum, weight) for age, (count, value_sum) in within.items()}
    contacts = 1
    if weight.per_contact:
        contacts = max(1, len({row.contact for row in actives if as_of - row.day < weight.window}))
    return Line(
        weight=weight,
        count=sum(count for count, _ in within.values()),
        quantity=sum(quantities.values()),
        contacts=contacts,
        contribution=contribution(
            weight.points, sum(amount * weight.decay[age] for age, amount in quantities.items()), contacts
        ),
    )


def engagement_band(total: int, bands: Bands, *, quiet: bool) -> str:
    """Name the band; `quiet` says that there was activity once, and none in the window."""
    if total < bands.disengaged_from:
        return "churn_risk"
    if quiet:
        return "gone_quiet"
    if total <= bands.disengaged_to:
        return "very_disengaged"
    if total <= bands.somewhat_to:
        return "somewhat_engaged"
    return "highly_engaged" if total <= bands.highly_to else "power_user"


def factor_points(factor: Factor, value: int | None) -> int | None:
    """Map an input to 0..100 points in millionths; an unknown one by the factor's null rule, None to skip it."""
    if value is None:
        return None if factor.null_points is None else factor.null_points * (POINT // 100)
    span = abs(factor.best - factor.worst)
    way = value - factor.worst if factor.best > factor.worst else factor.worst - value
    return _rounded(max(0, min(way, span)) * 100 * POINT, span)


def health(model: Model, inputs: Mapping[str, int | None]) -> Health:
    """Compose health from inputs in hundredths (kind → value; None or absent: unknown)."""
    points = [factor_points(factor, inputs.get(factor.kind)) for factor in model.factors]
    everything = sum(factor.weight for factor in model.factors)
    fresh = sum(factor.weight for factor in model.factors if inputs.get(factor.kind) is not None)
    counted = sum(factor.weight for factor, p in zip(model.factors, points, strict=True) if p is not None)
    coverage = fresh * 10_000 // everything if everything else 0
    if not counted or fresh * 100 < model.least_coverage * everything or not fresh:
        lines = [FactorLine(f, inputs.get(f.kind), p, 0) for f, p in zip(model.factors, points, strict=True)]
        return Health(tuple(lines), None, None, coverage, inputs)
    weighted = [0 if p is None else factor.weight * p for factor, p in zip(model.factors, points, strict=True)]
    total = _rounded(sum(weighted), counted * (POINT // 100))
    shares = shared_out(weighted, counted * (POINT // 100), total)
    lines = [
        FactorLine(factor, inputs.get(factor.kind), p, share)
        for factor, p, share in zip(model.factors, points, shares, strict=True)
    ]
    return Health(tuple(lines), total, health_band(total, model.bands), coverage, inputs)


def health_band(total: int, bands: Bands) -> str:
    if total < bands.yellow_from:
        return "red"
    return "yellow" if total < bands.green_from else "green"


def shared_out(parts: Sequence[int], divisor: int, total: int) -> list[int]:
    """Divide each part so that the shares add up to `total`: largest remainder, ties in order."""
    shares = [part // divisor for part in parts]
    missing = total - sum(shares)
    by_remainder = sorted(range(len(parts)), key=lambda i: (-(parts[i] % divisor), i))
    for i in by_remainder[:missing]:
        shares[i] += 1
    return shares


def _rounded(part: int, whole: int) -> int:
    """Divide two non-negative numbers, rounding half up."""
    return (2 * part + whole) // (2 * whole)
