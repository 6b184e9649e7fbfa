"""Duplicates by the API: as on the page, for whoever may see both."""

from customers.models import Contact, Customer
from tests.api.test_query_counts import queries
from tests.conftest import NOW
from tests.pages import cast
from tests.pages.test_query_counts import multiply


def test_customers_are_listed_with_what_they_have_in_common(api):
    one, other = (cast.customer(name, domain="acme.example") for name in ("Acme", "Acme Ltd"))
    [group] = api.rows("duplicates/customers/")
    assert (group["why"], group["more"]) == (["domain", "name"], 0)
    assert [customer["id"] for customer in group["customers"]] == [one.pk, other.pk]


def test_contacts_are_listed_with_what_they_have_in_common(api, acme):
    pair = [Contact.objects.create(customer=acme, email="ann@acme.example", created_at=NOW) for _ in range(2)]
    [group] = api.rows("duplicates/contacts/")
    assert group["why"] == ["email"]
    assert [contact["id"] for contact in group["contacts"]] == [contact.pk for contact in pair]


def test_a_limited_colleague_and_a_key_without_the_scope_see_nothing(make_key, lou):
    for _ in range(2):
        cast.customer("Acme")
    assert make_key(colleague=lou).rows("duplicates/customers/") == []
    Customer.objects.update(owner=lou)
    assert len(make_key(colleague=lou).rows("duplicates/customers/")) == 1
    assert make_key("events:read").get("duplicates/customers/").status_code == 403


def test_they_ask_as_often_for_two_as_for_thousands(api):
    paths = {"duplicates/customers/": 6, "duplicates/contacts/": 7}
    for _ in range(2):
        customer = cast.customer("Acme", domain="acme.example")
        Contact.objects.create(customer=customer, name="Ann Stone", email="ann@acme.example", created_at=NOW)
    for name in ("Bob Stone", "Bob Stone"):
        Contact.objects.create(customer=customer, name=name, created_at=NOW)
    api.get("me/")  # the key's last use is noted once a minute
    assert {path: len(queries(api, path)) for path in paths} == paths
    multiply(Customer, name="name || n % 300", domain="domain || n % 300")
    multiply(Contact, name="name || n % 300")
    assert {path: len(queries(api, path)) for path in paths} == paths


def test_a_wrong_cursor_or_parameter_is_refused(api):
    assert api.get("duplicates/customers/?cursor=x").status_code == 400
    assert api.get("duplicates/contacts/?name=x").status_code == 400
