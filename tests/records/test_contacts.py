"""Contacts written by other systems: found by user id or e-mail, moved and described, the latest word winning."""

from datetime import timedelta

import pytest

from customers import lifecycle
from customers.curation import merges, undoing
from customers.models import Contact, Customer
from events import ingest
from events.log import resettling
from events.models import Event
from records import contacts, tickets
from records.models import Ticket
from tests.conftest import NOW


@pytest.fixture
def beta(begun):
    return lifecycle.upsert([{"company_id": "beta", "name": "Beta"}], now=NOW)["beta"]


def write(*rows, now=NOW):
    return contacts.write(rows, now=now)


def test_a_contact_is_made_by_its_user_id_and_found_by_it_again(acme):
    [made] = write({"customer_id": acme, "user_id": "ann", "email": "ann@acme.example", "name": "Ann"})
    [found] = write({"customer_id": acme, "user_id": "ann", "role": "Buyer"})
    assert found.pk == made.pk
    assert (found.customer_id, found.name, found.role, found.email) == (acme, "Ann", "Buyer", "ann@acme.example")


def test_a_contact_without_a_user_id_is_found_by_its_address_however_it_is_written(acme):
    [made] = write({"customer_id": acme, "email": "ann@acme.example"})
    [found] = write({"customer_id": acme, "email": " Ann@ACME.example", "name": "Ann"})
    assert (found.pk, found.name) == (made.pk, "Ann")


def test_contacts_come_back_in_the_order_of_the_rows_however_many_name_them(acme):
    rows = [{"customer_id": acme, "user_id": user} for user in ("zoe", "ann", "zoe")]
    zoe, ann, again = write(*rows)
    assert zoe == again != ann
    assert Contact.objects.count() == 2


def test_a_contact_who_changed_company_goes_along(acme, beta):
    write({"customer_id": acme, "user_id": "ann"})
    [moved] = write({"customer_id": beta, "user_id": "ann"}, now=NOW + timedelta(hours=1))
    assert moved.customer_id == beta


def test_the_latest_word_wins(acme, beta):
    write({"customer_id": beta, "user_id": "ann", "name": "Ann B."})
    earlier = NOW - timedelta(days=3)
    [contact] = write({"customer_id": acme, "user_id": "ann", "name": "Ann A.", "role": "Buyer", "at": earlier})
    assert (contact.customer_id, contact.name, contact.role) == (beta, "Ann B.", "Buyer")


def test_flags_are_set_and_taken_back_whatever_traits_say(acme, source):
    traits = {"type": "identify", "userId": "ann", "traits": {"survey_opt_out": False, "stop_scoring": False}}
    [contact] = write({"customer_id": acme, "user_id": "ann", "survey_opt_out": True, "stop_scoring": True})
    ingest.record([traits], source=source, now=NOW + timedelta(minutes=1))
    contact.refresh_from_db()
    assert (contact.survey_opt_out, contact.stop_scoring) == (True, True)
    [contact] = write({"customer_id": acme, "user_id": "ann", "stop_scoring": False})
    assert (contact.survey_opt_out, contact.stop_scoring) == (True, False)


def test_an_empty_text_empties_and_an_absent_one_leaves(acme):
    write({"customer_id": acme, "user_id": "ann", "name": "Ann", "role": "Buyer"})
    [contact] = write({"customer_id": acme, "user_id": "ann", "role": ""})
    assert (contact.name, contact.role) == ("Ann", "")


def test_a_visitor_of_that_address_becomes_the_contact(acme, source):
    visit = {"type": "track", "event": "Pricing seen", "anonymousId": "x"}
    seen = {"type": "identify", "anonymousId": "x", "traits": {"email": "ann@acme.example"}}
    ingest.record([visit, seen], source=source, now=NOW)
    [contact] = write({"customer_id": acme, "user_id": "ann", "email": "ann@acme.example"})
    resettling.settle_all(now=NOW)
    assert Contact.objects.get() == contact
    assert Customer.objects.filter(provisional=True).count() == 0


@pytest.fixture
def ticket(acme):
    """A ticket of a contact whose user id is `ann2`; another contact is `ann`."""
    _, ann2 = write(*({"customer_id": acme, "user_id": user} for user in ("ann", "ann2")))
    row = {"customer_id": acme, "external_id": "T-1", "subject": "Slow", "contact_id": ann2.pk, "opened_at": NOW}
    return tickets.write([row], now=NOW)[0]


def user(value):
    return Contact.objects.get(identities__value=value)


def requester(ticket):
    """Return whom a ticket names, and whom its event does."""
    resettling.settle_all(now=NOW)
    ticket = Ticket.objects.get(customer=ticket.customer_id, id=ticket.id)
    return ticket.contact, Event.objects.live().get(event_type__name="Ticket opened").contact


def test_a_ticket_names_the_one_whom_its_requester_turned_out_to_be(ticket, source):
    alias = {"type": "alias", "userId": "ann", "previousId": "ann2", "timestamp": NOW.isoformat()}
    ingest.record([alias], source=source, now=NOW)
    assert requester(ticket) == (user("ann"), user("ann"))


def test_a_ticket_names_the_one_who_counts_for_its_requester_until_that_is_undone(ticket):
    ann, ann2 = user("ann"), user("ann2")
    act = merges.contacts(ann, ann2, wins=(), now=NOW, by=None)
    assert requester(ticket) == (ann, ann)
    undoing.undo(act, now=NOW, by=None)
    assert requester(ticket) == (ann2, ann2)


@pytest.mark.parametrize(
    "row",
    [
        {"name": "Nobody"},
        {"user_id": "", "email": ""},
        {"email": "no address"},
        {"user_id": "x" * 201},
        {"user_id": "a\0b"},
        {"user_id": "ann", "traits": {}},
    ],
)
def test_a_row_that_names_nobody_or_too_much_is_refused_and_writes_nothing(acme, row):
    with pytest.raises(ValueError, match=r"\w"):
        write({"customer_id": acme, "user_id": "bob"}, {"customer_id": acme, **row})
    assert not Contact.objects.exists()


def test_a_customer_that_does_not_exist_is_refused(acme):
    with pytest.raises(LookupError):
        write({"customer_id": acme + 1, "user_id": "ann"})


def test_many_contacts_cost_as_many_queries_as_one(acme, django_assert_max_num_queries):
    write({"customer_id": acme, "user_id": "first"})
    with django_assert_max_num_queries(39):
        write(*({"customer_id": acme, "user_id": f"user {n}", "stop_scoring": True} for n in range(50)))
