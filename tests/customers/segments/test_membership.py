"""Who is in a segment is written by the close of a day, from what then stands, and scores and counts as known on it."""

import random
from datetime import timedelta

import pytest
import time_machine

from customers import lifecycle, segments
from customers.models import Customer, Segment, SegmentDay, SegmentMember
from customers.segments import history as over_time
from customers.segments import membership, rule
from scoring.models import ScoreHistory
from scoring.runs import history
from staff.models import Role
from tests.conftest import NOW
from tests.customers.segments import plainly, worlds
from tests.pages import cast

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture
def lead(begun):
    return cast.colleague("Lou", Role.LEAD)


@pytest.fixture
def pro(lead):
    return segments.save("Pro", {"plan": "Pro"}, by=lead, is_shared=True, now=NOW)


def made(*names, **fields):
    rows = [{"company_id": name, "name": name, **fields} for name in names]
    ids = lifecycle.upsert(rows, now=NOW)
    return [ids[name] for name in names]


def edit(customer, at, **fields):
    lifecycle.edit({customer: fields}, now=at, by=None)


def close(after):
    with time_machine.travel(NOW + after * DAY, tick=False):
        history.close_days(now=NOW + after * DAY)


def members(segment, day):
    return {
        row.customer_id
        for row in SegmentMember.objects.filter(segment=segment)
        if row.entered_on <= day and (row.left_on is None or row.left_on > day)
    }


def test_a_run_of_days_is_one_row(pro, lead):
    acme, other, _noise = *made("Acme", "Other", plan="Pro"), *made("Noise", plan="Basic")
    close(1)
    close(2)
    edit(acme, NOW + 2 * DAY, plan="Basic")
    close(3)
    edit(acme, NOW + 3 * DAY, plan="Pro")
    close(4)
    rows = SegmentMember.objects.order_by("customer", "entered_on").values_list("customer", "entered_on", "left_on")
    assert list(rows) == [(acme, TODAY, TODAY + 2 * DAY), (acme, TODAY + 3 * DAY, None), (other, TODAY, None)]
    found = over_time.load(pro, lead, TODAY, TODAY + 3 * DAY)
    assert [(day.size, day.entered, day.left) for day in found] == [(2, None, None), (2, 0, 0), (1, 0, 1), (2, 1, 0)]
    assert [row.name for row in over_time.left(pro, lead, TODAY + 2 * DAY)] == ["Acme"]
    assert [row.name for row in over_time.entered(pro, lead, TODAY + 3 * DAY)] == ["Acme"]
    assert not over_time.entered(pro, lead, TODAY).exists()  # they were there when it began


def test_written_again_a_day_becomes_what_is_then_found(pro):
    acme, other = made("Acme", "Other", plan="Pro")
    close(1)
    edit(acme, NOW + DAY, plan="Basic")
    close(2)
    with time_machine.travel(NOW + 2 * DAY, tick=False):
        edit(acme, NOW + 2 * DAY, plan="Pro")
        edit(other, NOW + 2 * DAY, plan="Basic")
        membership.write(TODAY + DAY, [acme, other])
    assert (members(pro, TODAY), members(pro, TODAY + DAY)) == ({acme, other}, {acme})
    assert SegmentMember.objects.count() == 2


def test_a_day_after_which_a_later_one_is_written_is_left_alone(pro):
    (acme,) = made("Acme", plan="Pro")
    close(2)
    before = list(SegmentMember.objects.values())
    edit(acme, NOW + 2 * DAY, plan="Basic")
    membership.write(TODAY, [acme])
    assert list(SegmentMember.objects.values()) == before


def test_a_new_filter_makes_a_start_and_not_an_entrance(pro, lead):
    made("Acme", plan="Pro")
    made("Other", plan="Basic")
    close(1)
    segments.change(pro, query={"plan": "Basic"}, now=NOW + DAY)
    close(2)
    close(3)
    assert list(SegmentDay.objects.order_by("day").values_list("is_start", flat=True)) == [True, True, False]
    assert [day.entered for day in over_time.load(pro, lead, TODAY, TODAY + 2 * DAY)] == [None, None, 0]


def test_who_is_merged_or_deleted_leaves(pro, lead):
    acme, _other = made("Acme", "Other", plan="Pro")
    close(1)
    Customer.objects.filter(pk=acme).update(removed_at=NOW)
    close(2)
    assert SegmentMember.objects.get(customer=acme).left_on == TODAY + DAY


def test_a_filter_that_cannot_be_answered_has_nobody_and_stops_no_close(pro, lead):
    made("Acme", plan="Pro")
    Segment.objects.filter(pk=pro.pk).update(query={"rule": "{"})
    close(1)
    assert not SegmentMember.objects.exists()
    assert ScoreHistory.objects.filter(day=TODAY).exists()


def test_a_limited_colleague_counts_their_own(pro, lead):
    limited = cast.colleague("Lim", Role.CSM, is_limited=True)
    acme, _other = made("Acme", "Other", plan="Pro")
    edit(acme, NOW, owner_id=limited.pk)
    close(1)
    assert [day.size for day in over_time.load(pro, limited, TODAY, TODAY)] == [1]
    assert [day.size for day in over_time.load(pro, lead, TODAY, TODAY)] == [2]
    assert [row.pk for row in over_time.members_on(pro, limited, TODAY)] == [acme]


def test_members_are_those_of_the_rule_in_the_closes_transaction(begun, lead, monkeypatch):
    """40 random rules on 120 customers: what is kept equals the plain evaluation as known on the closed day."""
    chance = random.Random(16)
    ones = worlds.make(chance, 120)
    closed = TODAY - DAY
    trees = [plainly.rule(chance) for _ in range(40)]
    saved = [
        segments.save(f"S {n}", {"rule": rule.as_text(tree)}, by=lead, is_shared=True, now=NOW)
        for n, tree in enumerate(trees)
    ]
    membership.write(closed, [one.customer.pk for one in ones])
    for segment, tree in zip(saved, trees, strict=True):
        expected = {
            one.customer.pk for one in ones if not one.customer.provisional and plainly.holds(tree, one, closed)
        }
        assert members(segment, closed) == expected, tree


def test_the_close_writes_within_the_transaction_of_its_scores(begun, lead, monkeypatch):
    """A rule on health sees the history row that the same transaction has just written."""
    made("Acme", plan="Pro")
    asked = {"all": [{"kind": "score", "parameters": {"measure": "coverage", "how": "at_least", "value": "0"}}]}
    segment = segments.save("Scored", {"rule": rule.as_text(asked)}, by=lead, is_shared=True, now=NOW)
    close(1)
    assert members(segment, TODAY) == set(ScoreHistory.objects.filter(day=TODAY).values_list("customer", flat=True))
    assert members(segment, TODAY)
