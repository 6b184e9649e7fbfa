"""The pages of duplicates: what is proposed, told apart and proposed again; by whom, and with how many queries."""

import pytest

from customers.models import Contact, ContactsApart, Customer, CustomersApart
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast
from tests.pages.test_query_counts import multiply, queries
from tests.queries import page_queries

LISTS = {
    "/duplicates/customers/": 7,
    "/duplicates/contacts/": 7,
    "/duplicates/customers/dismissed/": 3,
    "/duplicates/contacts/dismissed/": 3,
}


@pytest.fixture
def two(maya):
    """Two of Maya's customers that have one domain and one name."""
    names = ("Acme", "Acme Ltd")
    return [cast.customer(name, domain="acme.example", owner=maya, mrr=70) for name in names]


@pytest.fixture
def people(two):
    """A contact of one address at each of them."""
    return [
        Contact.objects.create(customer=customer, name="Ann", email="ann@acme.example", created_at=NOW)
        for customer in two
    ]


def test_a_proposal_says_who_why_and_where_they_are_merged(page, two):
    seen = page("/duplicates/customers/")
    assert "same domain, same name" in seen
    assert "acme.example" in seen
    assert "€70" in seen
    assert f'href="/customers/{two[0].pk}/merge/?with={two[1].pk}"' in seen


def test_contacts_stand_with_their_customers(page, people):
    seen = page("/duplicates/contacts/")
    assert "same e-mail" in seen
    assert "Acme Ltd" in seen
    assert f'href="/contacts/{people[0].pk}/merge/?with={people[1].pk}"' in seen


def test_without_duplicates_the_pages_say_so(page):
    assert "No duplicates found" in page("/duplicates/customers/")
    assert "Nothing was dismissed" in page("/duplicates/contacts/dismissed/")


@pytest.mark.parametrize(("kind", "model"), [("customers", CustomersApart), ("contacts", ContactsApart)])
def test_not_the_same_is_remembered_and_can_be_taken_back(page, client, maya, two, people, kind, model):
    one, other = two if kind == "customers" else people
    answer = client.post(f"/duplicates/{kind}/dismiss/", {"one": other.pk, "other": one.pk, "next": "/elsewhere/"})
    assert answer["Location"] == "/elsewhere/"
    pair = model.objects.get()
    assert (pair.first, pair.second, pair.at, pair.by) == (one, other, NOW, maya)
    assert "No duplicates found" in page(f"/duplicates/{kind}/")
    dismissed = page(f"/duplicates/{kind}/dismissed/")
    assert "Maya" in dismissed
    assert "Propose again" in dismissed
    client.post(f"/duplicates/{kind}/propose-again/", {"pair": pair.pk})
    assert not model.objects.exists()
    assert "No duplicates found" not in page(f"/duplicates/{kind}/")


@pytest.mark.parametrize("other", ["", "x", "9" * 30, "999999", "same"])
def test_what_is_no_pair_is_not_there(client, maya, two, other):
    client.force_login(maya)
    body = {"one": two[0].pk, "other": two[0].pk if other == "same" else other}
    assert client.post("/duplicates/customers/dismiss/", body).status_code == 404
    assert not CustomersApart.objects.exists()


def test_viewers_see_and_do_not_act(client, two):
    viewer = cast.colleague("Vera", Role.VIEWER)
    client.force_login(viewer)
    seen = client.get("/duplicates/customers/").content.decode()
    assert "same domain" in seen
    assert "Not the same" not in seen
    body = {"one": two[0].pk, "other": two[1].pk}
    assert client.post("/duplicates/customers/dismiss/", body).status_code == 403
    assert client.post("/duplicates/customers/propose-again/", {"pair": 1}).status_code == 403


def test_a_limited_colleague_neither_sees_nor_parts_those_of_others(client, maya, two, people):
    lou = cast.colleague("Lou", Role.CSM, is_limited=True)
    Customer.objects.filter(pk=two[1].pk).update(owner=lou)
    client.force_login(lou)
    for kind, (one, other) in (("customers", two), ("contacts", people)):
        assert "No duplicates found" in client.get(f"/duplicates/{kind}/").content.decode()
        body = {"one": one.pk, "other": other.pk}
        assert client.post(f"/duplicates/{kind}/dismiss/", body).status_code == 404
    pair = CustomersApart.objects.create(first=two[0], second=two[1], at=NOW, by=maya)
    assert "Nothing was dismissed" in client.get("/duplicates/customers/dismissed/").content.decode()
    assert client.post("/duplicates/customers/propose-again/", {"pair": pair.pk}).status_code == 404
    for place in (f"/customers/{two[1].pk}/", f"/contacts/{people[1].pk}/"):
        assert "Possibly the same as" not in client.get(place).content.decode()


def test_the_pages_of_both_name_the_other(page, two, people):
    for one, other in (two, reversed(two)):
        seen = page(f"/customers/{one.pk}/")
        assert "Possibly the same as" in seen
        assert f'href="/customers/{one.pk}/merge/?with={other.pk}"' in seen
    for one, other in (people, reversed(people)):
        assert f'href="/contacts/{one.pk}/merge/?with={other.pk}"' in page(f"/contacts/{one.pk}/")


def test_who_stands_in_no_list_is_compared_with_nobody(page, two, people):
    Customer.objects.filter(pk=two[0].pk).update(provisional=True)
    for place in (f"/customers/{two[0].pk}/", f"/contacts/{people[0].pk}/"):
        assert "Possibly the same as" not in page(place)


def test_the_lists_lead_to_the_duplicates(page, two, people):
    assert 'href="/duplicates/customers/"' in page("/customers/")
    assert 'href="/duplicates/contacts/"' in page("/contacts/")


def test_they_ask_as_often_for_two_as_for_thousands(client, maya, two, people):
    client.force_login(maya)
    CustomersApart.objects.create(first=cast.customer("One"), second=cast.customer("Other"), at=NOW, by=maya)
    ContactsApart.objects.create(first=people[0], second=people[1], at=NOW, by=maya)
    for name in ("Bob Stone", "Bob Stone"):
        Contact.objects.create(customer=two[0], name=name, email="bob@acme.example", created_at=NOW)
    assert {path: len(queries(client, path)) for path in LISTS} == LISTS
    multiply(Customer, name="name || n % 300", domain="domain || n % 300")
    multiply(Contact, name="name || n % 300")
    assert {path: len(queries(client, path)) for path in LISTS} == LISTS
    assert {path: page_queries(client, path).template for path in LISTS} == dict.fromkeys(LISTS, 0)
