"""Whatever states an invoice and a ticket go through, and on whichever days: the end is the end, the past stays."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.models import Customer
from events.models import CountNow, DailyCount
from records import due
from tests.records import lives, twins

NEAR = st.one_of(st.none(), st.integers(-6, 9))
STATES = {
    "invoice": st.fixed_dictionaries(
        {
            "amount": st.sampled_from([100, 250, 0, -40]),
            "issued_on": st.integers(-9, 4).map(lives.day),
            "due_on": st.one_of(st.none(), st.integers(4, 9).map(lives.day)),
            "paid_on": NEAR.map(lambda day: day if day is None else lives.day(day)),
            "is_void": st.booleans(),
            "currency": st.sampled_from(["EUR", "XTS"]),
        }
    ),
    "ticket": st.fixed_dictionaries(
        {
            "opened_at": st.integers(-9, -6).map(lives.noon),
            "escalated_at": NEAR.map(lambda day: day if day is None else lives.noon(day)),
            "solved_at": NEAR.map(lambda day: day if day is None else lives.noon(day)),
            "contact_id": st.sampled_from([None, "ann", "bob"]),
            "priority": st.sampled_from(["low", "urgent"]),
        }
    ),
}


def steps(kind):
    """Return some days, each with the state that is written on it, or the deletion."""
    state = st.one_of(STATES[kind], STATES[kind], STATES[kind], st.just(lives.GONE))
    return st.dictionaries(st.integers(0, lives.LAST - 1), state, min_size=1, max_size=5)


def known_now(person):
    rows = CountNow.objects.filter(customer=person.pk).values_list("event_type", "day", "count")
    return {(kind, day): count for kind, day, count in rows if count}


def known_then(person, day):
    counts = Counter()
    rows = DailyCount.objects.filter(customer=person.pk, known_on__lte=day)
    for kind, happened_on, count in rows.values_list("event_type", "day", "count"):
        counts[kind, happened_on] += count
    return {key: count for key, count in counts.items() if count}


@pytest.mark.parametrize("kind", STATES)
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_states_end_like_a_twin_and_leave_each_day_as_it_was_known(begun, kind, data):
    lived = data.draw(steps(kind))
    number = Customer.objects.count()
    first = twins.made(f"First {number}", kind, lived)
    twin = twins.made(f"Twin {number}", kind, lives.ended(sorted(lived.items())))
    knew = {}
    for day in range(lives.LAST + 1):
        due.tell(now=lives.noon(day))
        first.live(day)
        knew[day] = known_now(first)
        twin.live(day)
    assert twins.log(first) == twins.log(twin)
    assert twins.counts(first) == twins.counts(twin)
    assert twins.inputs(first) == twins.inputs(twin)
    assert {day: known_then(first, lives.day(day)) for day in knew} == knew
