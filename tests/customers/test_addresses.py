"""E-mail addresses as keyed hashes: one for all spellings of an address, none for what is no address."""

import pytest

from customers.consent import addresses, refusals
from customers.models import AddressConsent, Contact
from tests.conftest import NOW
from tests.pages import cast

pytestmark = pytest.mark.django_db
KIM = "kim@acme.example"


@pytest.mark.parametrize(
    "spelt",
    ["KIM@ACME.EXAMPLE", " kim@acme.example\n", "k\u200bim@acme.example", "ｋｉｍ@acme.example", "kim@acme.example."],
)
def test_an_address_is_one_however_it_is_written(spelt):
    assert addresses.digest(spelt) == addresses.digest(KIM)


def test_domains_are_one_in_letters_and_as_they_are_looked_up():
    assert addresses.digest("kim@BÜCHER.example") == addresses.digest("kim@xn--bcher-kva.example")


@pytest.mark.parametrize("other", ["kim.li@acme.example", "kim@acme.test", "kim+1@acme.example", "kim"])
def test_other_addresses_are_others(other):
    assert addresses.digest(other) not in (None, addresses.digest(KIM))


def test_no_address_has_no_hash():
    assert addresses.digest("") is None and addresses.digest(" \u200b") is None


def test_the_hash_needs_the_installations_key(monkeypatch):
    with_ours = addresses.digest(KIM)
    monkeypatch.setattr(addresses, "key", lambda: b"another")
    assert addresses.digest(KIM) != with_ours


def test_one_query_tells_a_refused_address(django_assert_num_queries):
    AddressConsent.objects.create(address=addresses.digest(KIM), kind="opted_out", origin="person", at=NOW)
    with django_assert_num_queries(1):
        assert refusals.refused({"Kim@acme.example", "zoe@acme.example"}) == {"Kim@acme.example"}
    with django_assert_num_queries(0):
        assert refusals.refused(set()) == set()


def test_djangos_ways_to_write_a_contact_write_the_hash():
    acme = cast.customer("Acme")
    one, two = Contact.objects.bulk_create(
        Contact(customer=acme, email=email, created_at=NOW) for email in (KIM.upper(), "")
    )
    assert (one.address, two.address) == (addresses.digest(KIM), None)
    two.email = KIM
    two.save()
    assert Contact.objects.filter(address=addresses.digest(KIM)).count() == 2
