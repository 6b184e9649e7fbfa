"""Engagement: the weighted sum of a window's events."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from scoring.engine.netting import ActiveDay, active_days
from scoring.engine.shapes import DECAY_ONE, VALUE_LIMIT, Active, Bands, Count, Engagement, Line, Model, Weight

_Sums = tuple[int, int]  # events and value of a day
_NOTHING: _Sums = (0, 0)


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
    last_active_day: int | None,
) -> Engagement:
    """Score one customer at the close of `as_of` with what was known at the close of `known_on`.

    `counts` and `actives` in any order; rows outside the window or not yet known are left out here.
    `last_active_day` is the last activity day on or before as_of as known then, however long ago; None if never.
    """
    days, since = defaultdict[int, dict[int, _Sums]](dict), as_of - model.longest_window
    for row in counts:
        if row.known_on <= known_on and since < row.day <= as_of:
            of_type, age = days[row.event_type], as_of - row.day
            count, value = of_type.get(age, _NOTHING)
            of_type[age] = count + row.count, value + row.value_sum
    shares = any(weight.per_contact for weight in model.weights)
    known = active_days([row for row in actives if row.day <= as_of], known_on) if shares else ()
    lines = tuple(_line(weight, days[weight.event_type], known, as_of) for weight in model.weights)
    quiet = last_active_day is not None and as_of - last_active_day >= model.window
    if last_active_day is None and not any(line.contribution for line in lines):
        return Engagement(lines, None, None, None)
    total = sum(line.contribution for line in lines)
    return Engagement(lines, total, engagement_band(total, model.bands, quiet=quiet), last_active_day)


def _line(weight: Weight, days: Mapping[int, _Sums], actives: Collection[ActiveDay], as_of: int) -> Line:
    within = {age: day for age, day in days.items() if age < weight.window}
    quantities = {age: quantity(count, value_sum, weight) for age, (count, value_sum) in within.items()}
    contacts = 1
    if weight.per_contact:
        contacts = max(1, len({contact for contact, day in actives if as_of - day < weight.window}))
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
