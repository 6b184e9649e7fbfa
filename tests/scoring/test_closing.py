"""As known then: days closed one by one equal their recomputation, whatever arrived late."""

import random
import threading
import time
from datetime import timedelta
from itertools import count

import pytest
from django.db import connection
from django.db.models import F

from core import days
from core.models import ClosedDay
from customers import lifecycle
from customers.models import InputLog
from events import ingest
from events.models import DailyCount, Event
from scoring.model_versions import versions
from scoring.models import ScoreHistory, ScoringModel, Transition
from scoring.runs import history, recompute, run
from scoring.vectorised import BatchEngine
from scoring.verify import check
from tests.conftest import NOW

EVENTS = ("Report created", "Signed in", "Payment failed", "Ticket opened", "Meeting held")


def customers(number):
    rows = [{"company_id": f"c{i}", "name": f"Customer {i}"} for i in range(number)]
    return sorted(lifecycle.upsert(rows, now=NOW).values())


def live(source, chance, today, number):
    """Send a day's events: nineteen of twenty on the day, the others up to ten days late."""
    messages = []
    for i in range(number):
        late = chance.randrange(1, 10) if chance.random() < 0.05 else 0
        messages.append(
            {
                "type": "track",
                "event": chance.choice(EVENTS),
                "messageId": f"{today.isoformat()}-{i}",
                "userId": f"u{chance.randrange(6)}",
                "context": {"groupId": f"c{chance.randrange(6)}"},
                "timestamp": (today - timedelta(days=late, minutes=chance.randrange(600))).isoformat(),
            }
        )
    ingest.record(messages, source=source, now=today)


@pytest.mark.django_db(transaction=True)
def test_days_closed_one_by_one_equal_their_recomputation_as_known_then(source):
    ids = customers(7)
    chance = random.Random(1)
    for day in range(40):
        today = NOW + timedelta(days=day)
        history.close_days(now=today)
        live(source, chance, today, 20)
    history.close_days(now=NOW + timedelta(days=40))
    assert DailyCount.objects.filter(known_on__gt=F("day")).count() > 20
    batch_engine = BatchEngine(versions.load(ScoringModel.objects.current()))
    compared = 0
    for day, scores in recompute.over_days(
        batch_engine, ids, days.business_day(NOW), days.business_day(NOW) + timedelta(days=39)
    ):
        stored = {
            row.customer_id: (
                row.engagement,
                row.health,
                row.coverage,
                row.last_active_on,
                bytes(row.inputs_digest),
            )
            for row in ScoreHistory.objects.filter(day=day)
        }
        derived = {
            row.customer: (row.engagement, row.health, row.coverage, row.last_active_on, row.digest)
            for row in scores.rows()
        }
        assert stored == derived
        compared += len(derived)
    assert compared == 7 * 40
    while run.score_changed(now=NOW + timedelta(days=40)):
        pass
    report = check()
    assert (report.differences, report.compared["days of history"]) == (0, 280)


@pytest.mark.django_db
def test_a_day_is_closed_once_whoever_rings_and_how_often(source):
    customers(3)
    tomorrow = NOW + timedelta(days=1)
    history.close_days(now=tomorrow)
    first = set(ScoreHistory.objects.values_list("customer", "day", "inputs_digest"))
    history.close_days(now=tomorrow)
    assert set(ScoreHistory.objects.values_list("customer", "day", "inputs_digest")) == first
    assert list(ClosedDay.objects.values_list("day", flat=True).order_by("-day")[:1]) == [days.business_day(NOW)]


@pytest.mark.django_db
def test_days_nobody_was_there_for_are_closed_in_order(source):
    customers(2)
    history.close_days(now=NOW + timedelta(days=4))
    assert ScoreHistory.objects.values("day").distinct().count() == 4


@pytest.mark.django_db
def test_a_change_of_band_leaves_a_transition(source):
    (customer,) = customers(1)
    InputLog.objects.filter(name="stage").update(known_on=NOW.date() - timedelta(days=60))  # it is not new
    history.close_days(now=NOW + timedelta(days=1))
    message = {
        "type": "track",
        "event": "Report created",
        "userId": "u",
        "messageId": "m",
        "context": {"groupId": "c0"},
    }
    ingest.record([message], source=source, now=NOW + timedelta(days=1))
    history.close_days(now=NOW + timedelta(days=2))
    assert list(Transition.objects.order_by("kind").values_list("customer", "kind", "band_before", "band_after")) == [
        (customer, "engagement", None, "very_disengaged"),
        (customer, "health", None, "red"),
        (customer, "risk", None, "at_risk"),
    ]


@pytest.mark.django_db(transaction=True)
def test_events_around_midnight_land_on_one_side_or_the_other_never_between(source):
    ids = customers(4)
    midnight = NOW.replace(hour=0) + timedelta(days=1)
    today = days.business_day(NOW)
    closed, sent, errors = threading.Event(), [], []

    def send(thread):
        """Send until the day is closed, and at least once after that."""
        try:
            for i in count():
                was_closed = closed.is_set()
                message = {
                    "type": "track",
                    "event": "Report created",
                    "userId": f"u{thread % 3}",
                    "messageId": f"{thread}-{i}",
                    "context": {"groupId": f"c{i % 4}"},
                    "timestamp": (midnight - timedelta(hours=1)).isoformat(),
                }
                # Received just before midnight by the sender's clock, stored before or after the close.
                ingest.record([message], source=source, now=midnight - timedelta(microseconds=1))
                sent.append(message["messageId"])
                if was_closed:
                    return
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    while len(sent) < 40 and not errors:
        time.sleep(0.01)
    try:
        history.close_days(now=midnight)
    finally:
        closed.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Event.objects.count() == len(sent)
    then = {day: Event.objects.filter(known_on=day).count() for day in (today, today + timedelta(days=1))}
    assert sum(then.values()) == len(sent)
    assert then[today] >= 40
    assert then[today + timedelta(days=1)] >= len(threads)
    # What the closed day's history was made of is what is known on that day, to the last event.
    known = dict.fromkeys(ids, 0)
    for customer, number in DailyCount.objects.filter(known_on=today).values_list("customer", "count"):
        known[customer] += number
    for row in ScoreHistory.objects.filter(day=today):
        assert row.engagement == min(known[row.customer_id], 5) * 200
    while run.score_changed(now=midnight):
        pass
    assert check().differences == 0
