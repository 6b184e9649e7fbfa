"""Colleagues are told which customers became theirs: by whatever door, one notice for each act, as long as it holds."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from core.models import Notice, NoticeSubject
from core.notices import reading, showing
from customers import lifecycle
from customers.curation import merges, removals
from customers.models import Customer, FieldOrigin
from staff.models import Role
from tests.conftest import NOW
from tests.core.notices.conftest import texts
from tests.pages import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya(begun):
    return cast.colleague("Maya", Role.CSM)


@pytest.fixture
def lou(begun):
    return cast.colleague("Lou", Role.CSM, is_limited=True)


@pytest.fixture
def lena(begun):
    return cast.colleague("Lena", Role.LEAD)


def customers(count):
    rows = [{"company_id": f"c{n}", "name": f"Customer {n}"} for n in range(count)]
    return list(lifecycle.upsert(rows, now=NOW).values())


def assign(those, owner, by, field="owner_id"):
    lifecycle.edit({pk: {field: owner and owner.pk} for pk in those}, now=NOW, by=by)


def test_who_gets_a_customer_reads_its_name_and_who_gave_it(maya, lena):
    assign(customers(1), maya, lena)
    assert texts(maya) == ["Lena assigned Customer 0 to you"]


def test_a_bulk_act_is_one_notice_for_each_colleague(maya, lou, lena):
    those = customers(60)
    lifecycle.edit({pk: {"owner_id": maya.pk, "second_owner_id": lou.pk} for pk in those[1:]}, now=NOW, by=lena)
    assert texts(maya) == texts(lou) == ["Lena assigned 59 customers to you"]


def test_who_takes_a_customer_is_not_told(maya):
    assign(customers(1), maya, maya)
    assert texts(maya) == []


def test_second_owners_are_told_and_who_changes_seats_is_not(maya, lou, lena):
    [acme] = customers(1)
    assign([acme], maya, lena, "second_owner_id")
    assert texts(maya) == ["Lena assigned Customer 0 to you"]
    lifecycle.edit({acme: {"owner_id": maya.pk, "second_owner_id": lou.pk}}, now=NOW, by=lena)
    assert len(texts(maya)) == len(texts(lou)) == 1


def test_a_customer_that_is_made_for_somebody_is_told(maya, lena):
    lifecycle.create({"name": "Acme", "owner_id": maya.pk}, now=NOW, by=lena)
    lifecycle.upsert([{"company_id": "b", "name": "Bolt", "owner_id": maya.pk}], now=NOW, by=lena)
    assert texts(maya) == ["Lena assigned Bolt to you", "Lena assigned Acme to you"]


def test_the_company_s_own_key_assigns_without_a_name_and_a_sample_tells_nobody(maya):
    lifecycle.upsert([{"company_id": "s", "name": "Sample", "owner_id": maya.pk}], now=NOW)
    assert texts(maya) == []
    row = {"company_id": "a", "name": "Acme", "owner_id": maya.pk}
    lifecycle.upsert([row], now=NOW, origin=FieldOrigin.API)
    lifecycle.upsert([row], now=NOW, origin=FieldOrigin.API)
    assert texts(maya) == ["Acme was assigned to you"]


def test_parts_of_one_act_are_one_notice(maya, lena):
    """As an import writes its chunks."""
    for part in (range(2), range(2, 5)):
        rows = [{"company_id": f"c{n}", "name": f"Customer {n}", "owner_id": maya.pk} for n in part]
        lifecycle.upsert(rows, now=NOW, by=lena, origin=FieldOrigin.FILE, act="import:1")
    assert texts(maya) == ["Lena assigned 5 customers to you"]


def test_what_is_the_reader_s_no_more_is_not_told_any_more(maya, lou, lena):
    first, second, third = customers(3)
    assign([first, second, third], lou, lena)
    assign([first], maya, lena)
    assert texts(lou) == ["Lena assigned 2 customers to you"]
    assign([second], None, lena)
    assert texts(lou) == ["Lena assigned Customer 2 to you"]
    assign([third], None, lena)
    assert texts(lou) == []
    assert reading.unread(lou) == 0


def test_an_act_that_is_undone_and_done_again_is_one_notice(maya, lena):
    [acme] = customers(1)
    for owner in (maya, None, maya):
        assign([acme], owner, lena)
    assert texts(maya) == ["Lena assigned Customer 0 to you"]


def test_a_merged_or_deleted_customer_is_not_named_until_that_is_undone(maya, lena):
    kept, merged, deleted = (Customer.objects.get(pk=pk) for pk in customers(3))
    assign([merged.pk, deleted.pk], maya, lena)
    merge = merges.customers(kept, merged, wins=(), now=NOW, by=lena)
    assert texts(maya) == ["Lena assigned Customer 2 to you"]
    removals.customer(deleted, reason="A test", now=NOW, by=lena)
    assert texts(maya) == []
    merges.undo_customers(merge, now=NOW, by=lena)
    assert texts(maya) == ["Lena assigned Customer 1 to you"]


def test_a_customer_renamed_is_called_by_its_new_name_and_no_name_is_kept(maya, lena):
    [acme] = customers(1)
    assign([acme], maya, lena)
    lifecycle.edit({acme: {"name": "Erased"}}, now=NOW, by=lena)
    assert texts(maya) == ["Lena assigned Erased to you"]
    kept = [*Notice.objects.values_list(), *NoticeSubject.objects.values_list()]
    assert "Customer 0" not in repr(kept) and "Lena" not in repr(kept)


def test_words_are_those_of_the_reader(maya, lena):
    assign(customers(2), maya, lena)
    with translation.override("fr"):
        assert texts(maya) == ["Lena vous a attribué 2 clients"]
    with translation.override("ru"):
        assert texts(maya) == ["Lena: вам назначено 2 клиента"]


def test_thousands_are_assigned_with_as_many_queries_as_two(maya, lou, lena):
    those = customers(2_000)
    counts = []
    for part in (those[:2], those[2:]):
        with CaptureQueriesContext(connection) as asked:
            lifecycle.edit({pk: {"owner_id": maya.pk, "second_owner_id": lou.pk} for pk in part}, now=NOW, by=lena)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    shown = showing.load(list(reading.visible_to(maya).select_related("by").order_by("pk")), maya)
    assert [row.count for row in shown] == [2, 1_998]
