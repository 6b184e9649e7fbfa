"""Files that name what colleagues deleted: the row says so, and its neighbours arrive."""

import pytest

from customers.curation import removals
from customers.models import Customer, Identity
from imports.models import State
from records import contacts
from tests.conftest import NOW
from tests.imports.files import csv_file
from tests.imports.steps import wrong

pytestmark = pytest.mark.django_db


@pytest.fixture
def deleted(acme, lea):
    customer = Customer.objects.get(pk=acme)
    removals.customer(customer, reason="A test", now=NOW, by=lea)
    return customer


def test_a_deleted_customer_is_not_changed_by_a_file(bring, deleted):
    job = bring("customers", csv_file("Company id;Name", "acme;Another", "birch;Birch"))
    assert (job.state, wrong(job)) == (State.DONE, {2: [("", "refused")]})
    deleted.refresh_from_db()
    assert deleted.name == "Acme"
    assert Customer.objects.known().get().name == "Birch"


def test_a_deleted_contact_is_not_described_by_a_file(bring, acme, lea):
    [kim] = contacts.write([{"customer_id": acme, "user_id": "kim", "name": "Kim"}], now=NOW)
    removals.contact(kim, reason="A test", now=NOW, by=lea)
    job = bring("contacts", csv_file("Company id;User id;Name", "acme;kim;Another", "acme;lee;Lee"))
    assert (job.state, wrong(job)) == (State.DONE, {2: [("", "refused")]})
    kim.refresh_from_db()
    assert kim.name == "Kim"
    assert Identity.objects.get(kind="user", value="lee").contact.name == "Lee"


def test_tickets_for_a_deleted_customer_find_none(bring, deleted):
    job = bring("tickets", csv_file("Company id;Ticket id;Subject;Opened at", "acme;T-1;Slow;2026-06-01"))
    assert wrong(job) == {2: [("Company id", "no company")]}
