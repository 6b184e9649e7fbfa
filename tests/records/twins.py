"""A customer who lives through changes, and a twin who is told only how it ended: what must be the same of both."""

from dataclasses import dataclass

from customers import lifecycle
from customers.models import InputLog
from events.models import ActiveNow, CountNow, Event
from records import contacts, leaving
from records.telling import writing
from scoring.models import CurrentScore
from tests.conftest import NOW
from tests.records import lives

SCORES = ("engagement", "engagement_band", "health", "health_band", "coverage", "last_active_on")


@dataclass
class Person:
    """A customer with two contacts, and one record of a kind, which goes through `steps`."""

    name: str
    kind: str
    pk: int
    contacts: dict
    steps: dict

    def live(self, number):
        """Write what the steps say on a day, if they say something: all of the record, as other systems do."""
        changes = {}
        for at in range(number + 1):
            step = self.steps.get(at, {})
            changes = lives.GONE if step is lives.GONE else {**(changes or {}), **step} if at in self.steps else changes
        if number in self.steps:
            self.write(changes, now=lives.noon(number))

    def write(self, change, *, now):
        model, base = lives.BASES[self.kind]
        if change is lives.GONE:
            for record in model.objects.filter(customer=self.pk):
                leaving.delete(record, now=now)
            return
        row = {**base, **change, "customer_id": self.pk, "external_id": f"{self.kind} of {self.name}"}
        if "contact_id" in row:
            row["contact_id"] = self.contacts.get(row["contact_id"])
        writing.write(lives.kind_of(self.kind), [row], now=now)


def made(name, kind, steps):
    pk = lifecycle.upsert([{"company_id": name, "name": name, "mrr": 100, "currency": "EUR"}], now=NOW)[name]
    rows = [{"customer_id": pk, "user_id": f"{who} of {name}", "name": who} for who in ("ann", "bob")]
    return Person(name, kind, pk, {contact.name: contact.pk for contact in contacts.write(rows, now=NOW)}, dict(steps))


def log(person):
    """Return the live events: type, day, who, value, properties."""
    who = {pk: name for name, pk in person.contacts.items()}
    events = Event.objects.live().filter(customer=person.pk).select_related("event_type")
    return sorted(
        (event.event_type.name, event.day, who.get(event.contact_id), event.value, sorted(event.properties.items()))
        for event in events
    )


def counts(person):
    """Return the counts as known now, and who did something on which days."""
    rows = CountNow.objects.filter(customer=person.pk).values_list("event_type__name", "day", "count", "value_sum")
    who = {pk: name for name, pk in person.contacts.items()}
    active = ActiveNow.objects.filter(customer=person.pk).values_list("contact", "day")
    return sorted(row for row in rows if row[2] or row[3]), sorted((who[pk], day) for pk, day in active)


def inputs(person):
    """Return the last value of each input that is known."""
    rows = InputLog.objects.filter(customer=person.pk).order_by("known_on").values_list("name", "number", "text")
    last = {name: (number, text) for name, number, text in rows}
    unknown = {"oldest_open_ticket": (0, None)}  # without a day and without a number, none is open
    return {name: value for name, value in last.items() if value != unknown.get(name, (None, None))}


def score(person):
    return CurrentScore.objects.filter(customer=person.pk).values(*SCORES).get()


def differences(first, twin):
    """Return what is not the same of the two: name → (of the first, of the twin)."""
    pairs = {same.__name__: (same(first), same(twin)) for same in (log, counts, inputs, score)}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
