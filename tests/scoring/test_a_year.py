"""Days closed one by one, 5 % of events late: as known then to the bit; as known now as the events say.

Every run lives through a season, longer than each window of the starter model, once by the days of UTC and once by
those of Los Angeles, whose clocks change meanwhile; `make test-long` lives through a year.
"""

import random
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from core import days
from customers import lifecycle
from customers.models import Customer
from events import ingest
from events.models import EventType
from records import notes, tickets
from scoring import engine, overrides
from scoring.inputs import read
from scoring.model_versions import versions
from scoring.models import ScoreHistory, ScoringModel
from scoring.runs import history, recompute
from scoring.vectorised import BatchEngine
from scoring.verify import check
from tests.conftest import NOW
from tests.sizes import sizes

PEOPLE = 5
NAMES = ("Report created", "Signed in", "Payment failed", "Meeting held")
OPENED = "Ticket opened"


def at(day):
    """Return an instant of the day at which it is another one somewhere: in Los Angeles, it is the next in London."""
    return datetime.combine(day, time(20), days.zone()).astimezone(UTC)


class Senders:
    """Sends events and remembers what was sent: (customer, type, day, known on)."""

    def __init__(self, source, customers, first, days):
        self.source, self.customers, self.first, self.days = source, customers, first, days
        self.sent = []
        self.types = dict(EventType.objects.filter(name__in=(*NAMES, OPENED)).values_list("name", "pk"))

    def send(self, today, rows):
        messages = []
        for i, (who, name, day) in enumerate(rows):
            messages.append(
                {
                    "type": "track", "event": name, "messageId": f"{today}-{len(self.sent)}-{i}", "userId": f"u{who}",
                    "context": {"groupId": f"c{who}"}, "timestamp": at(day).isoformat(),
                }
            )  # fmt: skip
            self.sent.append((self.customers[who], self.types[name], day, today))
        outcome = ingest.record(messages, source=self.source, now=at(today))
        assert not outcome.reasons


@pytest.fixture(
    params=[(120, NOW.date(), "UTC"), *sizes((120, date(2026, 9, 1), "America/Los_Angeles"), (365, NOW.date(), "UTC"))],
    ids=lambda lived: f"{lived[0]}-{lived[2]}",
)
def lived(request, source, transactional_db, settings):
    """Live through so many days of a zone; return who sent what."""
    number, first, settings.BUSINESS_TIME_ZONE = request.param
    days.settle_zone(has_events=False)
    history.close_days(now=at(first))
    rows = [{"company_id": f"c{i}", "name": f"Customer {i}", "mrr": Decimal(100)} for i in range(PEOPLE)]
    made = lifecycle.upsert(rows, now=at(first))
    senders = Senders(source, [made[f"c{i}"] for i in range(PEOPLE)], first, number)
    chance = random.Random(5)
    for n in range(senders.days):
        today = first + timedelta(days=n)
        history.close_days(now=at(today))
        rows = [
            (chance.randrange(PEOPLE), chance.choice(NAMES), today - timedelta(days=lag))
            for _ in range(6)
            for lag in [chance.randrange(1, 40) if chance.random() < 0.05 else 0]
            if n >= lag
        ]
        senders.send(today, rows)
        if n % 20 == 7:
            live_otherwise(senders, today, chance)
    history.close_days(now=at(first + timedelta(days=senders.days)))
    return senders


def live_otherwise(senders, today, chance):
    """What is no event of a customer's, but an input of health."""
    customer, now = chance.choice(senders.customers), at(today)
    tickets.write([{"customer_id": customer, "subject": "Help", "opened_at": now}], now=now)
    senders.sent.append((customer, senders.types[OPENED], today, today))
    notes.write([{"customer_id": customer, "text": "Hm", "pulse": chance.choice(["red", "green"]), "at": now}], now=now)
    lifecycle.edit({customer: {"mrr": Decimal(chance.randrange(50, 200))}}, now=now, by=None)
    overrides.put(
        Customer.objects.get(pk=chance.choice(senders.customers)), health=chance.randrange(100),
        until=today + timedelta(days=5), reason="I know better", now=now, by=None,
    )  # fmt: skip


def rows_of(scores):
    return {row.customer: row[1:] for row in scores.rows()}


def test_history_is_its_recomputation_and_late_events_change_exactly_their_days(lived):
    number, first = lived.days, lived.first
    batch_engine = BatchEngine(versions.load(ScoringModel.objects.current()))
    last = first + timedelta(days=number - 1)
    assert ScoreHistory.objects.count() == number * PEOPLE
    assert sum(known > day for *_, day, known in lived.sent) > number * 80 // 365
    report = check()
    assert (report.differences, report.compared["days of history"]) == (0, number * PEOPLE)

    then = {day: rows_of(scores) for day, scores in recompute.over_days(batch_engine, lived.customers, first, last)}
    some = {day: rows for day, rows in then.items() if day.day % 9 == 4}
    again = recompute.over_days(batch_engine, lived.customers, first, last, only=some)
    assert {day: rows_of(scores) for day, scores in again} == some

    today = first + timedelta(days=number)
    chance = random.Random(6)
    late, third = 3 * number, number // 3
    wanted = [
        (chance.randrange(PEOPLE), chance.choice(NAMES), last - timedelta(days=chance.randrange(third, third + 30)))
        for _ in range(late)
    ]
    for start in range(0, late, 250):
        lived.send(today, wanted[start : start + 250])

    assert {day: rows_of(s) for day, s in recompute.over_days(batch_engine, lived.customers, first, last)} == then
    changed = 0
    for n in range(number):
        day = first + timedelta(days=n)
        columns = read.current(batch_engine, lived.customers, as_of=day, known_on=today)
        on = {"as_of": day.toordinal(), "known_on": today.toordinal()}
        for row in batch_engine.score(columns, **on).rows():
            before, now = told(lived.sent, batch_engine.model, row.customer, day, (day, today))
            assert then[day][row.customer][0] == before
            assert row.engagement == now
            changed += before != now
    assert 0 < changed < number * PEOPLE


def told(sent, model, customer, day, known):
    """Return the engagement of a day as the events that were sent say, known on each of two days."""
    totals = []
    for known_on in known:
        counts, active = defaultdict(int), None
        for who, kind, happened, told_on in sent:
            if who == customer and happened <= day and told_on <= known_on:
                counts[kind, happened, told_on] += 1
                if kind in activity(model):
                    active = max(active or date.min, happened)
        totals.append(
            engine.engagement(
                model,
                [engine.Count(kind, on.toordinal(), known.toordinal(), n) for (kind, on, known), n in counts.items()],
                [],
                as_of=day.toordinal(),
                known_on=known_on.toordinal(),
                last_active_day=None if active is None else active.toordinal(),
            ).total
        )
    return totals


def activity(model):
    return {weight.event_type for weight in model.weights if weight.is_activity}
