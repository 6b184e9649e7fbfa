"""An e-mail finds a person only as long as they have no user id; in records of our own, always."""

import pytest

from customers.models import Contact, Customer, Identity
from events import ingest
from events.log import resettling
from events.models import DailyCount, Event
from tests.conftest import NOW


def record(source, *messages, internal=False):
    outcome = ingest.record(messages, source=source, now=NOW, internal=internal)
    resettling.settle_all(now=NOW)
    return outcome


def identify(user, email="ann@acme.example", **more):
    return {"type": "identify", "userId": user, "traits": {"email": email, "name": user}, **more}


def imported(email="ann@acme.example", company="acme"):
    """Somebody the CRM knows by an address alone."""
    return {"type": "group", "email": email, "groupId": company}


def owner_of(kind, value):
    return Identity.objects.get(kind=kind, value=value).contact_id


@pytest.mark.django_db
def test_somebody_known_by_an_address_becomes_the_first_user_with_that_address(source):
    record(source, imported(), internal=True)
    record(source, identify("ann", "Ann@Acme.example "))
    assert Contact.objects.count() == 1
    assert owner_of("user", "ann") == owner_of("email", "ann@acme.example")
    assert Contact.objects.get().customer.name == "acme"


@pytest.mark.django_db
def test_a_second_user_with_the_same_address_is_somebody_else(source):
    record(source, identify("ann"))
    record(source, identify("bob"))
    assert owner_of("user", "ann") != owner_of("user", "bob")
    assert owner_of("email", "ann@acme.example") == owner_of("user", "ann")


@pytest.mark.django_db
def test_typing_the_address_of_somebody_with_a_user_id_does_not_make_one_them(source):
    record(source, identify("ann"))
    record(source, {"type": "identify", "anonymousId": "x", "traits": {"email": "ann@acme.example"}})
    assert owner_of("anonymous", "x") != owner_of("user", "ann")


@pytest.mark.django_db
def test_a_record_of_ours_finds_somebody_with_a_user_id_by_their_address(source):
    record(source, identify("ann"))
    record(source, imported(), internal=True)
    assert Contact.objects.count() == 1
    assert Contact.objects.get().customer.name == "acme"


@pytest.mark.django_db
def test_outsiders_cannot_name_a_person_or_a_customer_as_our_records_do(source):
    record(source, {"type": "group", "userId": "u", "groupId": "acme"})
    pk = Customer.objects.get(name="acme").pk
    outcome = record(source, {"type": "track", "event": "Report created", "customer": pk, "email": "a@b.example"})
    assert outcome.reasons == ("Nobody did this: give a userId, an anonymousId or context.groupId.",)


@pytest.mark.django_db
def test_a_record_of_ours_names_its_customer_by_our_own_id(source):
    record(source, {"type": "group", "userId": "u", "groupId": "acme"})
    pk = Customer.objects.get(name="acme").pk
    record(source, {"type": "track", "event": "Invoice paid", "customer": pk, "email": "u@acme.example"}, internal=True)
    event = Event.objects.get()
    assert (event.customer_id, event.company.kind, event.person.kind) == (pk, "rapport", "email")
    assert DailyCount.objects.get().customer_id == pk


@pytest.mark.django_db
def test_the_history_of_a_visitor_goes_to_the_person_their_address_names(source):
    record(source, imported(), internal=True)
    record(source, {"type": "track", "event": "Pricing seen", "anonymousId": "x"})
    record(source, {"type": "identify", "anonymousId": "x", "traits": {"email": "ann@acme.example"}})
    assert owner_of("anonymous", "x") == owner_of("email", "ann@acme.example")
    assert Event.objects.get().customer.name == "acme"


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["", "no address", "a@b@c", 7, None, "x" * 200 + "@example.com"])
def test_what_is_no_address_names_nobody(source, email):
    record(source, {"type": "identify", "userId": "u", "traits": {"email": email}})
    assert not Identity.objects.filter(kind="email").exists()
