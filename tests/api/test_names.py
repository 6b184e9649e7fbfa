"""What the API takes for a name, an id or an address: nothing invisible, no wrong ids, one rule for addresses."""

import pytest

from customers.models import Contact, Customer, Identity, WrongId
from records.models import Contract
from tests.api.conftest import faults
from tests.conftest import NOW
from tests.core.test_names import BAD, GOOD


@pytest.fixture
def kiosk(db):
    return WrongId.objects.create(value="kiosk-1", added_at=NOW)


@pytest.mark.parametrize("company", ["null", "UNDEFINED", "0", "'none'", "{{ company.id }}", "Kiosk-1", "n\u200bull"])
def test_a_wrong_id_makes_no_customer(api, kiosk, company):
    assert faults(api.post("customers/", {"company_id": company})) == {"company_id": "wrong_id"}
    assert faults(api.put(f"customers/by-id/{company}/", {"name": "Acme"})) == {"id": "wrong_id"}
    assert not Customer.objects.exists()


@pytest.mark.parametrize("user", ["null", "[object Object]", "-1", "kiosk-1"])
def test_a_wrong_id_makes_no_contact(api, acme, kiosk, user):
    assert faults(api.put(f"contacts/by-user-id/{user}/", {"customer_id": acme.pk})) == {"id": "wrong_id"}
    assert not Contact.objects.exists()


def test_who_is_known_by_an_id_that_turned_out_wrong_is_still_found_and_changed(api, acme):
    pk = api.put("contacts/by-user-id/kiosk-1/", {"customer_id": acme.pk, "name": "Till"}).json()["id"]
    WrongId.objects.create(value="kiosk-1", added_at=NOW)
    assert api.get("contacts/by-user-id/kiosk-1/").json()["id"] == pk
    assert api.patch(f"contacts/{pk}/", {"name": "Tills"}).json()["name"] == "Tills"
    assert Contact.objects.count() == 1


def test_names_ids_and_tags_lose_what_is_not_seen(api, acme):
    made = api.post(
        "customers/",
        {
            "company_id": "bi\u200brch",
            "name": "\ufeffBirch\u00ad",
            "plan": "P\u202ero",
            "tags": ["vi\u2060p", "β\u200c"],
        },
    ).json()
    assert (made["company_id"], made["name"], made["plan"], made["tags"]) == ("birch", "Birch", "Pro", ["vip", "β"])
    assert api.get("customers/by-id/bir\u200bch/").json()["id"] == made["id"]
    person = {
        "customer_id": made["id"],
        "name": "An\u200en",
        "email": "\ufeffAnn@Birch.example\u200b",
        "role": "B\u200buyer",
    }
    answer = api.put("contacts/by-user-id/an\u200bn/", person).json()
    assert (answer["name"], answer["email"], answer["role"]) == ("Ann", "ann@birch.example", "Buyer")
    assert set(Identity.objects.filter(contact=answer["id"]).values_list("kind", "value")) == {
        ("user", "ann"),
        ("email", "ann@birch.example"),
    }
    assert api.get("contacts/by-email/an\u200bn@birch.example/").json() == answer
    contract = {"name": "Annu\u200bal", "starts_on": "2026-01-01", "currency": "EUR"}
    assert api.put(f"customers/{made['id']}/contracts/by-id/c\u200b-1/", contract).status_code == 201
    assert (Contract.objects.get().name, Contract.objects.get().external_id) == ("Annual", "c-1")


def test_a_name_of_nothing_that_is_seen_is_blank(api, acme):
    assert faults(api.patch(f"customers/{acme.pk}/", {"name": "\u200b\u3164"})) == {"name": "blank"}
    assert api.patch(f"customers/{acme.pk}/", {"plan": "\u200b"}).json()["plan"] == ""


@pytest.mark.parametrize(("typed", "kept"), [(typed, kept) for typed, kept in GOOD.items() if len(typed) < 99])
def test_an_address_is_what_it_is_at_every_door(api, acme, typed, kept):
    answer = api.put("contacts/by-user-id/ann/", {"customer_id": acme.pk, "email": typed}).json()
    assert answer["email"] == kept
    assert Identity.objects.filter(kind="email", value=kept).exists()


@pytest.mark.parametrize("typed", [typed for typed in BAD if isinstance(typed, str) and "\0" not in typed], ids=repr)
def test_what_is_no_address_is_refused(api, acme, typed):
    answer = api.put("contacts/by-user-id/ann/", {"customer_id": acme.pk, "email": typed})
    assert set(faults(answer)) == {"email"}
    assert not Contact.objects.exists()
