"""A plain model of what is true and since when it is known: facts, and contacts who object. No SQL, no NumPy."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date


@dataclass
class Fact:
    """One event as the log should hold it: known from a day on, until it was withdrawn."""

    message: str
    customer: str
    contact: str | None
    event_type: str
    day: date
    value: int
    is_activity: bool
    known_on: date
    void_on: date | None = None
    waiting: int = 0  # its amount in a currency without a rate

    @property
    def is_live(self):
        return self.void_on is None

    def holds_on(self, day):
        return self.known_on <= day and (self.void_on is None or day < self.void_on)


@dataclass
class Truth:
    facts: list[Fact] = field(default_factory=list)
    objections: dict[str, list[list[date | None]]] = field(default_factory=lambda: defaultdict(list))

    def live(self):
        return [fact for fact in self.facts if fact.is_live]

    def withdraw(self, facts, today):
        for fact in facts:
            fact.void_on = today

    def objects_on(self, contact, day):
        return any(since <= day and (until is None or day < until) for since, until in self.objections[contact])

    def objects(self, contact):
        return any(until is None for _, until in self.objections[contact])

    def counted(self, known_on):
        """Return the facts that count as known on a day."""
        return [fact for fact in self.facts if fact.holds_on(known_on) and not self.objects_on(fact.contact, known_on)]

    def counts(self, known_on):
        """Return (customer, type, day) → (events, value)."""
        sums = defaultdict(lambda: [0, 0])
        for fact in self.counted(known_on):
            row = sums[fact.customer, fact.event_type, fact.day]
            row[0] += 1
            row[1] += fact.value
        return {key: tuple(row) for key, row in sums.items()}

    def active_days(self, known_on):
        """Return (customer, contact, day) → events of activity types."""
        return Counter((f.customer, f.contact, f.day) for f in self.counted(known_on) if f.is_activity and f.contact)

    def engagement(self, customer, weights, as_of, known_on):
        """Return the score in hundredths by the formula of design and docs, None without any data.

        `weights` by name of the type, as a version stores them: points in hundredths, decay in millionths.
        """
        counts, actives = self.counts(known_on), self.active_days(known_on)
        total, is_known = 0, False
        for name, weight in weights.items():
            decayed, contacts = 0, set()
            for (who, kind, day), (events, value) in counts.items():
                age = (as_of - day).days
                if (who, kind) != (customer, name) or not 0 <= age < len(weight.decay):
                    continue
                amount = events if weight.unit is None else int(value / weight.unit)
                decayed += max(0, min(amount, weight.daily_cap)) * weight.decay[age]
            for who, contact, day in actives:
                if who == customer and 0 <= (as_of - day).days < len(weight.decay):
                    contacts.add(contact)
            by = 1_000_000 * (max(1, len(contacts)) if weight.per_contact else 1)
            part = (abs(weight.points) * decayed + by // 2) // by * (1 if weight.points > 0 else -1)
            total, is_known = total + part, is_known or part != 0
        seen = [
            day
            for (who, kind, day) in counts
            if who == customer and kind in weights and weights[kind].is_activity and day <= as_of
        ]
        return total if seen or is_known else None
