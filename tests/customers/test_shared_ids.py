"""Ids that several people seem to share are found in the small tables, part by part, once a day."""

from datetime import timedelta

import pytest

from customers.models import Contact, Identity, SharedId, WrongId
from customers.people import memberships, shared
from customers.people.memberships import Row
from events.models import Event
from tests.conftest import NOW
from tests.pages import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact():
    """Make a contact with so many names of each kind."""

    def contact(name, devices=0, addresses=0):
        made = Contact.objects.create(customer=cast.customer(f"At {name}"), name=name, created_at=NOW)
        names = [("user", name)]
        names += [("anonymous", f"{name}-{n}") for n in range(devices)]
        names += [("email", f"{name}-{n}@acme.example") for n in range(addresses)]
        Identity.objects.bulk_create([Identity(kind=kind, value=value, contact=made) for kind, value in names])
        return made

    return contact


def found(now=NOW):
    while shared.look(now=now):
        pass
    return [row.name.value for row in SharedId.objects.by_signs().select_related("name")]


def belongs(contact, *names):
    rows = [Row(contact.pk, NOW, bytes([n]) * 16, cast.customer(name).pk, None, "call") for n, name in enumerate(names)]
    memberships.add(rows)


def test_many_devices_addresses_or_companies_and_not_one_fewer(contact):
    contact("ann", devices=4, addresses=2)
    contact("till", devices=5)
    contact("box", addresses=3)
    belongs(contact("consultant"), "a", "b", "c")
    belongs(contact("mover"), "d", "e")
    assert found() == ["consultant", "till", "box"]
    row = SharedId.objects.get(name__value="till")
    assert (row.devices, row.addresses, row.companies, row.is_wrong) == (5, 0, 0, False)


def test_wrong_ids_come_first_and_stand_for_themselves(contact):
    contact("till", devices=9)
    contact("Null", devices=1)
    contact("nil")  # nothing that could be parted
    Identity.objects.create(kind="anonymous", value="kiosk-1", contact=contact("ann"))
    WrongId.objects.create(value="kiosk-1", added_at=NOW)
    assert found() == ["Null", "kiosk-1", "till"]


def test_each_day_once_and_again_when_asked(contact):
    made = contact("till", devices=5)
    assert shared.looked_at() is None
    assert (found(), shared.looked_at()) == (["till"], NOW)
    Identity.objects.filter(contact=made, kind="anonymous").delete()
    assert found() == ["till"]
    shared.look_again()
    assert shared.looked_at() is None
    assert found() == []
    contact("shop", devices=5)
    assert found(NOW + timedelta(days=1)) == ["shop"]


def test_a_part_at_a_time_never_in_the_log(contact, monkeypatch, django_assert_num_queries):
    contacts = [contact(f"till-{n}", devices=5) for n in range(5)]
    # Two parts, in whatever millions the ids are by now.
    monkeypatch.setattr(shared, "SHARD", contacts[2].pk)
    assert len(found()) == 5
    first = contacts[0].pk
    with django_assert_num_queries(9) as captured:
        shared.look_at(first, first + 1, now=NOW)
    assert not [query for query in captured if Event._meta.db_table in query["sql"]]


def test_of_a_contact_that_is_gone_nothing_is_left(contact):
    made = contact("till", devices=5)
    found()
    made.delete()
    shared.look_again()
    assert found() == []
