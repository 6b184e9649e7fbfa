"""Customers changed by colleagues: what differs is written down, and nonsense is refused."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from customers import attention, lifecycle, segments
from customers.models import Change, Changed, Customer, InputLog, Segment, Snooze
from staff.models import User
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def maya(begun):
    return User.objects.create_user("maya@example.com", name="Maya", role="csm")


@pytest.fixture
def acme(begun):
    return lifecycle.upsert([{"company_id": "acme", "name": "Acme", "mrr": 100}], now=NOW)["acme"]


def test_a_change_says_what_was_and_what_is_and_who_did_it(acme, maya):
    assert lifecycle.edit({acme: {"name": "Acme Ltd", "owner_id": maya.pk}}, now=NOW, by=maya) == [acme]
    change = Change.objects.get()
    assert change.fields == {"name": ["Acme", "Acme Ltd"], "owner_id": [None, maya.pk]}
    assert (change.by, change.at) == (maya, NOW)


def test_an_edit_that_changes_nothing_leaves_no_trace(acme, maya):
    assert lifecycle.edit({acme: {"name": "Acme"}}, now=NOW, by=maya) == []
    assert not Change.objects.exists()


def test_a_new_revenue_is_an_input_of_the_day_and_marks_the_customer(acme, maya):
    Changed.objects.all().delete()
    lifecycle.edit({acme: {"mrr": 250}}, now=NOW + timedelta(days=1), by=maya)
    logged = InputLog.objects.get(customer=acme, name="mrr", known_on=TODAY + timedelta(days=1))
    assert logged.number == 250_000
    assert Changed.objects.filter(customer=acme).exists()


def test_an_unknown_field_is_refused_by_name(acme, maya):
    with pytest.raises(ValueError, match="A customer has no field 'score'"):
        lifecycle.edit({acme: {"score": 1}}, now=NOW, by=maya)


def test_leaving_has_a_day_and_coming_back_takes_it_away(acme, maya):
    lifecycle.edit({acme: {"stage": "churned"}}, now=NOW, by=maya)
    assert Customer.objects.get().churned_on == TODAY
    lifecycle.edit({acme: {"stage": "active"}}, now=NOW, by=maya)
    assert Customer.objects.get().churned_on is None


@pytest.mark.parametrize("change", [{"stage": "archived"}, {"tags": ["x"]}, {"country": "France"}, {"mrr": 1}])
def test_the_day_survives_whatever_does_not_mean_it(acme, maya, change):
    left = date(2026, 3, 31)
    lifecycle.edit({acme: {"stage": "churned", "churned_on": left}}, now=NOW, by=maya)
    lifecycle.edit({acme: change}, now=NOW, by=maya)
    lifecycle.upsert([{"company_id": "acme", "industry": "Retail"}], now=NOW)
    assert Customer.objects.get().churned_on == left


@pytest.mark.parametrize("stage", ["trial", "active"])
def test_who_has_not_churned_has_no_day(acme, maya, stage):
    with pytest.raises(ValueError, match="A customer on trial or active has not churned"):
        lifecycle.edit({acme: {"stage": stage, "churned_on": TODAY}}, now=NOW, by=maya)
    with pytest.raises(IntegrityError, match="who_is_followed_has_not_churned"), transaction.atomic():
        Customer.objects.update(stage=stage, churned_on=TODAY)


def test_no_customer_stands_above_itself_however_long_the_circle(acme, maya):
    made = lifecycle.upsert([{"company_id": name} for name in "bcd"], now=NOW)
    b, c, d = (made[name] for name in "bcd")
    lifecycle.edit({b: {"parent_id": acme}, c: {"parent_id": b}, d: {"parent_id": c}}, now=NOW, by=maya)
    with pytest.raises(ValueError, match="“Acme” would stand above itself"):
        lifecycle.edit({acme: {"parent_id": d}}, now=NOW, by=maya)
    with pytest.raises(ValueError, match="would stand above itself"):
        lifecycle.edit({acme: {"parent_id": acme}}, now=NOW, by=maya)


def test_a_tag_is_put_on_once_and_taken_off(acme, maya):
    lifecycle.tag([acme], "vip", now=NOW, by=maya)
    lifecycle.tag([acme], "vip", now=NOW, by=maya)
    assert Customer.objects.get().tags == ["vip"]
    lifecycle.tag([acme], "vip", now=NOW, by=maya, remove=True)
    assert Customer.objects.get().tags == []


def test_a_rest_has_a_reason_and_an_end(acme, maya):
    customer = Customer.objects.get()
    with pytest.raises(ValueError, match="Say why"):
        attention.snooze(customer, until=TODAY, reason=" ", now=NOW, by=maya)
    for until in (TODAY - timedelta(days=1), TODAY + timedelta(days=181)):
        with pytest.raises(ValueError, match="within the next 180 days"):
            attention.snooze(customer, until=until, reason="x", now=NOW, by=maya)
    attention.snooze(customer, until=TODAY + timedelta(days=7), reason="On holiday", now=NOW, by=maya)
    attention.handle(customer, reason="Called them", now=NOW, by=maya)
    assert Snooze.objects.get().until == TODAY + timedelta(days=14)
    attention.end_snooze(customer, now=NOW)
    assert not Snooze.objects.exists()


def test_who_rests_is_not_at_risk_until_the_rest_is_over(acme, maya):
    from scoring.runs import run

    run.score_changed(now=NOW)
    Customer.objects.get().score.__class__.objects.update(at_risk=True)
    attention.snooze(Customer.objects.get(), until=TODAY, reason="On holiday", now=NOW, by=maya)
    assert not Customer.objects.at_risk(TODAY).exists()
    assert Customer.objects.snoozed(TODAY).exists()
    assert Customer.objects.at_risk(TODAY + timedelta(days=1)).exists()


def test_a_segment_finds_whom_its_filter_finds_and_whom_the_colleague_may_see(acme, maya):
    lifecycle.upsert([{"company_id": "b", "name": "Birch", "owner_id": maya.pk}], now=NOW)
    segment = Segment.objects.create(name="All", owner=maya, query={"stage": "active"}, created_at=NOW)
    assert {customer.name for customer in segments.members(segment, maya)} == {"Acme", "Birch"}
    User.objects.filter(pk=maya.pk).update(is_limited=True)
    maya.refresh_from_db()
    assert {customer.name for customer in segments.members(segment, maya)} == {"Birch"}


def test_a_segment_whose_rule_no_longer_works_finds_nobody(acme, maya):
    segment = Segment.objects.create(name="Old", owner=maya, query={"colour": "red"}, created_at=NOW)
    assert not segments.members(segment, maya).exists()


def test_a_segment_is_seen_by_its_owner_and_shared_by_choice(maya):
    other = User.objects.create_user("li@example.com", name="Li", role="csm")
    lead = User.objects.create_user("lee@example.com", name="Lee", role="lead")
    mine = Segment.objects.create(name="Mine", owner=maya, created_at=NOW)
    shared = Segment.objects.create(name="Shared", owner=maya, is_shared=True, created_at=NOW)
    assert set(Segment.objects.visible_to(other)) == {shared}
    assert set(Segment.objects.visible_to(maya)) == {mine, shared}
    assert set(Segment.objects.editable_by(other)) == set()
    assert set(Segment.objects.editable_by(lead)) == {shared}


def test_days_are_written_as_days(acme, maya):
    lifecycle.edit({acme: {"stage": "churned", "churned_on": date(2026, 6, 1)}}, now=NOW, by=maya)
    assert Change.objects.get().fields["churned_on"] == [None, "2026-06-01"]
