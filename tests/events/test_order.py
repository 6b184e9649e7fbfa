"""Any order, batching and duplication of the same events gives the same counts and scores."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers import change_feed
from customers.models import Changed, Customer
from events import ingest
from events.log import resettling
from events.models import ActiveDay, DailyCount, Event, Seen, SourceDay
from scoring.models import CurrentScore
from scoring.runs import run
from tests.conftest import NOW

PEOPLE = [
    {"type": "identify", "userId": "ann", "anonymousId": "a1", "messageId": "p1"},
    {"type": "identify", "userId": "bob", "messageId": "p2"},
    {"type": "group", "userId": "ann", "groupId": "acme", "messageId": "p3"},
    {"type": "group", "userId": "bob", "groupId": "birch", "messageId": "p4"},
    {"type": "identify", "anonymousId": "a2", "messageId": "p5"},
]
WHO = [
    {"userId": "ann"},
    {"anonymousId": "a1"},
    {"userId": "bob"},
    {"userId": "bob", "context": {"groupId": "acme"}},
    {"userId": "ann", "anonymousId": "a1"},
    {"anonymousId": "a2"},
]
WHAT = [
    {"type": "track", "event": "Report created"},
    {"type": "track", "event": "Invoice paid", "properties": {"value": 12.345}},
    {"type": "page", "name": "Pricing"},
    {"type": "screen", "name": "Home"},
    {"type": "track", "event": "Payment failed"},
]
MINUTES = st.integers(min_value=0, max_value=40 * 24 * 60)


@st.composite
def deliveries(draw):
    """Return the same events twice: in order and alone, and shuffled, batched and partly sent again."""
    parts = draw(st.lists(st.tuples(st.sampled_from(WHO), st.sampled_from(WHAT), MINUTES), min_size=1, max_size=12))
    events = [
        {**who, **what, "messageId": f"m{i}", "timestamp": (NOW - timedelta(minutes=minutes)).isoformat()}
        for i, (who, what, minutes) in enumerate(parts)
    ]
    repeated = events + draw(st.lists(st.sampled_from(events), max_size=6))
    shuffled = draw(st.permutations(repeated))
    size = draw(st.integers(min_value=1, max_value=len(shuffled)))
    return events, [shuffled[i : i + size] for i in range(0, len(shuffled), size)]


def forget():
    for model in (Event, Seen, DailyCount, ActiveDay, SourceDay, Changed, CurrentScore):
        model.objects.all().delete()


def outcome():
    resettling.settle_all(now=NOW)
    change_feed.note(Customer.objects.values_list("pk", flat=True))
    while run.score_changed(now=NOW):
        pass
    counts = set(DailyCount.objects.values_list("customer", "event_type", "day", "known_on", "count", "value_sum"))
    actives = set(ActiveDay.objects.values_list("customer", "contact", "day", "known_on"))
    scores = set(CurrentScore.objects.values_list("customer", "engagement", "health", "last_active_on"))
    return counts, actives, scores


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(delivery=deliveries())
def test_any_order_batching_and_duplication_gives_the_same_counts_and_scores(source, delivery):
    events, batches = delivery
    forget()
    ingest.record(PEOPLE, source=source, now=NOW)
    for event in events:
        ingest.record([event], source=source, now=NOW)
    first = outcome()
    forget()
    for batch in batches:
        ingest.record(batch, source=source, now=NOW)
    assert outcome() == first
    assert Event.objects.count() == len(events)
