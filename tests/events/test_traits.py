"""What is said about a person: the latest timestamp wins, name by name, in whichever order it comes."""

from itertools import permutations

import pytest

from customers.models import Contact
from tests.events.people import at, identify, user


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_latest_holds_name_by_name_in_any_order(send, order):
    calls = [
        identify(3, userId="ann", traits={"name": "Ann", "email": "ann@acme.example", "team": "red"}),
        identify(2, userId="ann", traits={"name": "Ann Lee", "team": "blue"}),
        identify(1, userId="ann", traits={"team": "green"}),
    ]
    for i in order:
        send(calls[i])
    ann = user("ann")
    assert (ann.name, ann.email, ann.traits) == ("Ann Lee", "ann@acme.example", {"team": "green"})


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_latest_holds_within_one_batch(send, order):
    calls = [identify(i, userId="ann", traits={"team": f"{i} days ago"}) for i in range(3)]
    send(*(calls[i] for i in order))
    assert user("ann").traits == {"team": "0 days ago"}


def test_at_the_same_instant_the_last_sent_holds(send):
    for teams in (["red", "blue"], ["blue", "red", "green"], ["red"]):
        send(*({"type": "identify", "userId": "ann", "traits": {"team": team}} for team in teams))
        assert user("ann").traits == {"team": teams[-1]}


def test_rudderstacks_traits_in_the_context_are_the_persons(send):
    send(identify(userId="ann", context={"traits": {"name": "Ann", "team": "red"}}))
    assert (user("ann").name, user("ann").traits) == ("Ann", {"team": "red"})


def test_traits_of_their_own_come_before_those_of_the_context(send):
    send(identify(userId="ann", traits={"name": "Ann"}, context={"traits": {"name": "Somebody"}}))
    assert user("ann").name == "Ann"


def test_a_track_call_describes_nobody(send):
    send({"type": "track", "event": "Signed in", "userId": "ann", "context": {"traits": {"name": "Ann"}}})
    assert (user("ann").name, user("ann").traits) == ("", {})


def test_known_traits_have_a_field_and_others_are_kept(send):
    traits = {"firstName": "Ann", "lastName": "Lee", "title": "Buyer", "locale": "fr", "age": 40, "tags": ["a"]}
    send(identify(userId="ann", traits=traits))
    ann = user("ann")
    assert (ann.name, ann.role, ann.locale) == ("Ann Lee", "Buyer", "fr")
    assert ann.traits == {"firstName": "Ann", "lastName": "Lee", "age": 40, "tags": ["a"]}


@pytest.mark.parametrize("nothing", [None, "", {}, [], True])
def test_what_is_no_text_does_not_empty_a_field(send, nothing):
    send(identify(1, userId="ann", traits={"name": "Ann"}))
    send(identify(0, userId="ann", traits={"name": nothing}))
    assert user("ann").name == "Ann"


def test_a_text_too_long_for_its_field_is_cut(send):
    send(identify(userId="ann", traits={"name": "x" * 500, "title": 7}))
    assert (user("ann").name, user("ann").role) == ("x" * 200, "7")


@pytest.mark.parametrize("email", [7, True, "", "ann", "ann@acme", "Ann <ann@acme.example>"])
def test_what_is_no_address_leaves_the_address_as_it_is(send, email):
    send(identify(1, userId="ann", traits={"email": " Ann@Acme.example"}))
    send(identify(userId="ann", traits={"email": email}))
    assert user("ann").email == "ann@acme.example"


def test_traits_the_storage_cannot_hold_are_cleaned(send):
    send(identify(userId="ann", traits={"name": "A\0nn", "n\0te": "\0"}))
    assert (user("ann").name, user("ann").traits) == ("A\ufffdnn", {"n\ufffdte": "\ufffd"})


def test_an_old_identify_call_still_fills_what_nobody_has_said(send):
    send(identify(1, userId="ann", traits={"name": "Ann"}))
    send(identify(2, userId="ann", traits={"name": "Old", "email": "ann@acme.example"}))
    ann = Contact.objects.get()
    assert (ann.name, ann.email) == ("Ann", "ann@acme.example")
    assert ann.set_at == {"name": at(1), "email": at(2)}


def test_numbers_larger_than_64_bits_can_be_written_again(send):
    send(identify(2, userId="ann", traits={"tokens": 1e30}))
    send(identify(1, userId="ann", traits={"team": "red"}))
    assert user("ann").traits == {"tokens": 10**30, "team": "red"}
