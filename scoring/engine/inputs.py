"""What each factor of health reads: from counts, from the log of inputs, from the last days of something.

All inputs are whole hundredths of their unit, rounded half away from zero. A row of the log is known on a day and holds
from then on, so what is read is the last row up to as_of; it is too old when it was last said more than `max_age`
days before.
"""

from collections.abc import Callable, Iterable, Sequence

from scoring.engine.engagement import engagement as score_engagement
from scoring.engine.shapes import (
    COUNT_LIMIT,
    INPUT_LIMIT,
    PERIOD_VALUE_LIMIT,
    VALUE_LIMIT,
    Count,
    Engagement,
    Factor,
    Facts,
    Kind,
    Logged,
    Model,
    Reading,
)

OVERRIDE = "override"
# Kind → the name it has in the log. Attributes have a name each.
LOGGED = {
    Kind.PULSE: "pulse", Kind.NPS: "nps", Kind.CSAT: "csat", Kind.EFFORT: "effort",
    Kind.OPEN_TICKETS: "open_tickets", Kind.OLDEST_TICKET: "oldest_open_ticket",
    Kind.FIRST_RESPONSE: "first_response_wait", Kind.OVERDUE: "overdue", Kind.MRR_CHANGE: "mrr",
    Kind.ACTIVE_CONTACTS: "contacts",
}  # fmt: skip
UNKNOWN = Reading(None, why="unknown")


def log_name(factor: Factor) -> str | None:
    """Return under which name the log has the factor's input; None when it comes from counts alone."""
    return f"attribute:{factor.name}" if factor.kind == Kind.ATTRIBUTE else LOGGED.get(Kind(factor.kind))


def readings(model: Model, facts: Facts, engagement: Engagement, *, as_of: int, known_on: int) -> dict[str, Reading]:
    """Return what each factor reads, by its key."""
    reader = _Reader(model, facts, engagement, as_of, known_on)
    return {
        factor.key: Reading(None, why="silent") if factor.key in facts.silent else reader.read(factor)
        for factor in model.factors
    }


def override(logged: Iterable[Logged], *, as_of: int, known_on: int) -> int | None:
    """Return the health a colleague set, while it holds: `mark` is its last day."""
    row = _last(logged, OVERRIDE, min(as_of, known_on))
    if row is None or row.number is None or row.mark < as_of:
        return None
    return max(0, min(_hundredths(row.number), 10_000))


def is_flagged(model: Model, facts: Facts, *, as_of: int, known_on: int) -> bool:
    """Tell whether a count or a value within reach, or a number of the log, is beyond what can be counted."""
    counts = (row for row in facts.counts if row.known_on <= known_on and 0 <= as_of - row.day < model.reach)
    logged = (row for row in facts.logged if row.known_on <= min(as_of, known_on) and row.number is not None)
    return any(row.count > COUNT_LIMIT or abs(row.value_sum) >= VALUE_LIMIT for row in counts) or any(
        abs(row.number or 0) > INPUT_LIMIT for row in logged
    )


class _Reader:
    """Reads one customer's inputs at the close of a day."""

    def __init__(self, model: Model, facts: Facts, engagement: Engagement, as_of: int, known_on: int) -> None:
        self.model, self.facts, self.engagement = model, facts, engagement
        self.as_of, self.known_on = as_of, known_on
        self.by_kind: dict[str, Callable[[Factor], Reading]] = {
            Kind.ENGAGEMENT: self._engagement,
            Kind.ENGAGEMENT_TREND: self._trend,
            Kind.KEY_ACTIONS: self._key_actions,
            Kind.ACTIVE_CONTACTS: self._active_contacts,
            Kind.DAYS_SINCE_ACTIVITY: lambda factor: self._days_since(facts.last_active_day),
            Kind.DAYS_SINCE_TOUCH: lambda factor: self._days_since(facts.last_touch_day),
            Kind.PURCHASES: self._purchases,
            Kind.PURCHASE_VALUE: self._purchase_value,
            Kind.OLDEST_TICKET: self._oldest_ticket,
            Kind.MRR_CHANGE: self._mrr_change,
        }

    def read(self, factor: Factor) -> Reading:
        return self.by_kind.get(factor.kind, self._number)(factor)

    def _engagement(self, factor: Factor) -> Reading:
        return UNKNOWN if self.engagement.total is None else Reading(self.engagement.total)

    def _trend(self, factor: Factor) -> Reading:
        """Known when the customer was known then, even if it did nothing then."""
        first, before = self.facts.first_known, self.as_of - factor.days
        if self.engagement.total is None or first is None or first > before:
            return UNKNOWN
        then = score_engagement(
            self.model,
            self.facts.counts,
            self.facts.actives,
            as_of=before,
            known_on=self.known_on,
            last_active_day=None,
        )
        return Reading(self.engagement.total - sum(line.contribution for line in then.lines))

    def _key_actions(self, factor: Factor) -> Reading:
        if self.facts.last_active_day is None:
            return UNKNOWN
        wanted = {weight.event_type for weight in self.model.weights if weight.is_key_action}
        return Reading(100 * len({row.event_type for row in self._counts(factor) if row.event_type in wanted}))

    def _purchases(self, factor: Factor) -> Reading:
        if self.facts.last_active_day is None:
            return UNKNOWN
        return Reading(100 * sum(count for count, _ in self._bought(factor)))

    def _purchase_value(self, factor: Factor) -> Reading:
        bought = self._bought(factor)
        count = sum(count for count, _ in bought)
        return Reading(_rounded(sum(value for _, value in bought), 10 * count)) if count else UNKNOWN

    def _bought(self, factor: Factor) -> list[tuple[int, int]]:
        """Return count and value of each day and type of purchase in the factor's days, clamped."""
        wanted = {weight.event_type for weight in self.model.weights if weight.is_purchase}
        days: dict[tuple[int, int], list[int]] = {}
        for row in self._counts(factor):
            if row.event_type in wanted:
                day = days.setdefault((row.event_type, row.day), [0, 0])
                day[0] += row.count
                day[1] += row.value_sum
        return [(min(count, COUNT_LIMIT), _clamped(value, PERIOD_VALUE_LIMIT)) for count, value in days.values()]

    def _counts(self, factor: Factor) -> list[Count]:
        rows = self.facts.counts
        return [row for row in rows if row.known_on <= self.known_on and 0 <= self.as_of - row.day < factor.days]

    def _active_contacts(self, factor: Factor) -> Reading:
        reading = self._number(factor)
        if reading.value is None or reading.value < 100:
            return UNKNOWN if reading.value is not None else reading
        rows = [row for row in self.facts.actives if row.known_on <= self.known_on]
        active = len({row.contact for row in rows if 0 <= self.as_of - row.day < factor.days})
        return Reading(min(10_000, active * 10_000 // (reading.value // 100)), reading.known_on)

    def _days_since(self, day: int | None) -> Reading:
        return UNKNOWN if day is None else Reading((self.as_of - day) * 100)

    def _oldest_ticket(self, factor: Factor) -> Reading:
        """A row without a day says that none is open: a known 0."""
        row = self._row(factor)
        if row is None:
            return UNKNOWN
        if self._is_old(factor, row):
            return Reading(None, row.known_on, "old")
        return Reading(max(0, self.as_of - row.mark) * 100 if row.mark else 0, row.known_on)

    def _mrr_change(self, factor: Factor) -> Reading:
        """Unknown across a change of currency, and from nothing."""
        reading, row = self._number(factor), self._row(factor)
        before = _last(self.facts.logged, LOGGED[Kind.MRR_CHANGE], min(self.as_of - factor.days, self.known_on))
        if reading.value is None or row is None or row.number is None:
            return reading
        if before is None or before.number is None or before.mark != row.mark or before.number <= 0:
            return UNKNOWN
        then = min(before.number, INPUT_LIMIT)
        return Reading(_rounded((_clamped(row.number, INPUT_LIMIT) - then) * 10_000, then), row.known_on)

    def _number(self, factor: Factor) -> Reading:
        row = self._row(factor)
        if row is None or row.number is None:
            return UNKNOWN
        if self._is_old(factor, row):
            return Reading(None, row.known_on, "old")
        return Reading(_hundredths(row.number), row.known_on)

    def _row(self, factor: Factor) -> Logged | None:
        name = log_name(factor)
        assert name is not None
        return _last(self.facts.logged, name, min(self.as_of, self.known_on))

    def _is_old(self, factor: Factor, row: Logged) -> bool:
        return self.as_of - row.known_on > factor.max_age


def _last(logged: Iterable[Logged], name: str, day: int) -> Logged | None:
    rows: Sequence[Logged] = [row for row in logged if row.name == name and row.known_on <= day]
    return max(rows, key=lambda row: row.known_on, default=None)


def _clamped(number: int, limit: int) -> int:
    return max(-limit, min(limit, number))


def _hundredths(thousandths: int) -> int:
    return _rounded(_clamped(thousandths, INPUT_LIMIT), 10)


def _rounded(part: int, whole: int) -> int:
    """Divide by a positive number, rounding half away from zero."""
    amount = (abs(part) + whole // 2) // whole
    return amount if part >= 0 else -amount
