"""The pages of contacts ask as often for ten as for ten thousand, and their orders walk an index."""

from datetime import timedelta

import pytest
from django.db import connection

from core import pagination
from customers.models import Affiliation, Contact, Exclusion, Identity
from customers.models.contact import CALLED
from desk.contacts.orders import order_of
from events.models import ActiveDay, Event
from records.models import Note, Ticket
from tests.conftest import NOW
from tests.pages import cast
from tests.pages.test_query_counts import history, multiply, queries  # noqa: F401
from tests.queries import OnPages, page_queries

LISTS = {
    "/contacts/": 5,
    "/contacts/?q=cntact&no_surveys=no&no_email=yes": 7,
    "/contacts/?active_within=30&sort=-last_active": 5,
    "/contacts/?quiet_for=30": 5,
    "/contacts/?sort=customer&customer_name=acme": 4,
}
PERSON = 14


@pytest.fixture
def contacts(history):  # noqa: F811 # a fixture of another file
    """Ten contacts of one customer, with all that names the first of them."""
    first = Contact.objects.earliest("pk")
    for i in range(10):
        day = cast.TODAY - timedelta(days=i)
        ActiveDay.objects.get_or_create(customer=history, contact=first, day=day, known_on=day)
        Identity.objects.create(kind="anonymous", value=f"{i}", contact=first)
        Affiliation.objects.create(contact=first, customer=cast.customer(f"Other {i}"))
        Exclusion.objects.create(contact=first, from_on=day, to_on=day)
    for model in (Note, Ticket, Event):
        model.objects.update(contact=first)
    Contact.objects.create(customer=history, name="Contact who is quiet", created_at=NOW)
    return first


def test_the_list_asks_as_often_for_ten_contacts_as_for_ten_thousand(client, maya, contacts):
    client.force_login(maya)
    assert {path: len(queries(client, path)) for path in LISTS} == LISTS
    multiply(Contact, name="name || n")
    assert Contact.objects.count() > 10_000
    assert {path: len(queries(client, path)) for path in LISTS} == LISTS


def test_the_page_asks_as_often_for_ten_of_each_as_for_ten_thousand(client, maya, contacts):
    client.force_login(maya)
    path = f"/contacts/{contacts.pk}/"
    assert len(queries(client, path)) == PERSON
    multiply(Event, occurred_at="occurred_at - n * interval '1 minute'")
    for model in (Note, Ticket):
        multiply(model)
    multiply(Identity, value="value || 'x' || n")
    assert len(queries(client, path)) == PERSON


def test_their_templates_ask_nothing(client, maya, contacts):
    client.force_login(maya)
    pages = [*LISTS, "/contacts/?sort=rank", f"/contacts/{contacts.pk}/"]
    assert {path: page_queries(client, path).template for path in pages} == dict.fromkeys(pages, 0)


@pytest.mark.parametrize("order", ["name", "-name"])
def test_the_order_by_name_walks_its_index(begun, order):
    rows = Contact.objects.known().annotate(called=CALLED)
    with OnPages(connection) as asked:
        pagination.page(rows, order_of(order, cast.TODAY), None)
    with connection.cursor() as cursor:
        for name in ("seqscan", "sort", "incremental_sort", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{name} = off")
        cursor.execute(f"EXPLAIN {asked[0]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "using contact_by_name" in plan, plan
    assert ("Backward" in plan) == order.startswith("-"), plan


def test_last_active_is_of_the_past_year(begun):
    acme = cast.customer("Acme")
    old, new = (Contact.objects.create(customer=acme, name=name, created_at=NOW) for name in ("Old", "New"))
    for contact, ago in ((old, 366), (new, 365)):
        day = cast.TODAY - timedelta(days=ago)
        ActiveDay.objects.create(customer=acme, contact=contact, day=day, known_on=day)
    page = pagination.page(Contact.objects.all(), order_of("-last_active", cast.TODAY), None)
    assert [contact.name for contact in page.rows] == ["New", "Old"]
