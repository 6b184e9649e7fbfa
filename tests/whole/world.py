"""An installation beside the plain model of what is true in it: how it begins, changes, and is asked."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction

from core import days
from customers import lifecycle as customers
from customers.models import Customer, Identity
from events import catalogue, ingest
from events.corrections import lifecycle
from events.models import ActiveDay, Channel, DailyCount, EventType, Source
from scoring.model_versions import default_model, versions
from scoring.models import ScoreHistory, ScoringModel
from tests.conftest import NOW
from tests.events.corrections.steps import carried_out
from tests.whole.facts import Fact, Truth

TYPES = ("Report created", "Signed in", "Payment failed", "Order completed")
OF_INVOICES = ("Invoice issued", "Invoice paid", "Invoice overdue")
CUSTOMERS = ("c0", "c1")
# Who sends: signed in at a company, or a device whose person is not known yet, at a company that the event names.
USERS = {"u0": "c0", "u1": "c0", "u2": "c1"}
DEVICES = {"a0": "u0", "a1": "u2"}


class World:
    """Everything happens in a transaction that is rolled back by `teardown`."""

    def __init__(self):
        super().__init__()
        self.truth = Truth()
        self.today = NOW.date()
        self.closed = {}
        self.linked = set()
        self.undoable = []
        self.invoice = None
        self.has_rate = False
        self.sent = 0
        self.outer = transaction.atomic()
        self.outer.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    @property
    def now(self):
        return datetime.combine(self.today, time(15), UTC)

    def begin(self):
        days.begin(self.now)
        catalogue.ensure(self.now)
        default_model.ensure(self.now)
        self.source = Source.objects.create(
            name="App", kind=Source.Kind.WRITE_KEY, channel=Channel.PRODUCT, created_at=NOW
        )
        self.weights = published(self.now)
        self.types = dict(EventType.objects.values_list("name", "pk"))
        self.customers = customers.upsert([{"company_id": c, "name": c} for c in CUSTOMERS], now=self.now)
        ingest.record(
            [{"type": "group", "userId": user, "groupId": company} for user, company in USERS.items()],
            source=self.source, now=self.now,
        )  # fmt: skip
        self.contacts = {user: contact_of(user) for user in USERS}

    # What changes

    def instead(self, fact, **changed):
        """Withdraw a fact and tell it otherwise; return the new one."""
        fact.void_on = self.today
        self.truth.facts.append(replace(fact, known_on=self.today, void_on=None, **changed))
        return self.truth.facts[-1]

    def settle_invoice(self):
        """Withdraw what the invoice no longer says, tell what it says now."""
        wanted = {(name, day, amount) for name, day, amount in self.of_invoice() if day <= self.today}
        told = [fact for fact in self.truth.live() if fact.message == "INV-1"]
        for fact in told:
            if (fact.event_type, fact.day, fact.value) not in wanted:
                fact.void_on = self.today
        stand = {(fact.event_type, fact.day, fact.value) for fact in told}
        for name, day, value in sorted(wanted - stand):
            self.truth.facts.append(Fact("INV-1", "c0", None, name, day, value, False, self.today))

    def of_invoice(self):
        invoice = self.invoice
        if invoice is None or invoice["is_void"]:
            return
        value = int(invoice["amount"] * 1000)
        yield "Invoice issued", invoice["issued_on"], value
        if invoice["paid_on"]:
            yield "Invoice paid", invoice["paid_on"], value
        due, paid = invoice["due_on"], invoice["paid_on"]
        if due and value > 0 and (paid is None or due < paid):
            yield "Invoice overdue", due + timedelta(days=1), value

    # How it is asked

    def person(self, who):
        return DEVICES[who] if who in self.linked else who

    def send(self, message):
        return ingest.record([{"timestamp": self.now.isoformat(), **message}], source=self.source, now=self.now)

    def open_day(self):
        return days.lock_open_day(self.now)

    def live(self, company, kind):
        return [fact for fact in self.truth.live() if (fact.customer, fact.event_type) == (company, kind)]

    def corrected(self, company, kind, to=None):
        job = lifecycle.withdraw(
            now=self.now, by=None, customer=Customer.objects.get(pk=self.customers[company]),
            event_type=EventType.objects.get(name=kind), to_type=to and EventType.objects.get(name=to),
        )  # fmt: skip
        job = carried_out(job, now=self.now)
        assert job.state == "done"
        return job

    def numbered(self, rows):
        """Return rows of facts, those of listed customers, under our numbers."""
        numbers = {**self.customers, **self.types, **self.contacts}
        return {
            (self.customers[company], numbers[what], day): row
            for (company, what, day), row in rows.items()
            if company in self.customers
        }

    def stored_counts(self, known_on):
        sums = defaultdict(lambda: [0, 0])
        rows = DailyCount.objects.filter(known_on__lte=known_on, customer__in=self.customers.values())
        for *key, count, value in rows.values_list("customer", "event_type", "day", "count", "value_sum"):
            sums[tuple(key)][0] += count
            sums[tuple(key)][1] += value
        return {key: tuple(row) for key, row in sums.items() if any(row)}

    def stored_active_days(self, known_on):
        sums = defaultdict(int)
        rows = ActiveDay.objects.filter(known_on__lte=known_on, customer__in=self.customers.values())
        for *key, count in rows.values_list("customer", "contact", "day", "count"):
            sums[tuple(key)] += count
        return {key: count for key, count in sums.items() if count}


def contact_of(who):
    """Return the contact that a user or a device is now, None before it was seen."""
    return Identity.objects.filter(value=who, contact__isnull=False).values_list("contact", flat=True).first()


def rows_of_history(day):
    columns = ("engagement", "engagement_band", "health", "health_band", "coverage", "last_active_on", "inputs_digest")
    rows = ScoreHistory.objects.filter(day=day).values_list("customer", *columns)
    return {customer: (*rest, bytes(digest)) for customer, *rest, digest in rows}


def published(now):
    """Publish a model with a weight shared among contacts, one by value, one that decays; return its weights."""
    draft = versions.draft_from(ScoringModel.objects.current(), now=now)
    draft.weights.exclude(event_type__name__in=(*TYPES, *OF_INVOICES)).delete()
    EventType.objects.filter(name="Order completed").update(unit=Decimal(2))
    draft.weights.filter(event_type__name="Report created").update(per_contact=True, window=30)
    draft.weights.filter(event_type__name="Signed in").update(half_life=7, daily_cap=2)
    draft.weights.filter(event_type__name="Order completed").update(points=Decimal("1.5"), daily_cap=10)
    versions.publish(draft, now=now, by=None)
    model = versions.load(ScoringModel.objects.current())
    names = dict(EventType.objects.values_list("pk", "name"))
    return {names[weight.event_type]: weight for weight in model.weights}
