"""What programs send in place of an id glues nobody: the event is kept under its other id, else rejected."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.names import ids
from customers.models import Customer, Identity, WrongId
from events import replay, write_keys
from events.models import Event, Rejected
from events.wire import messages
from staff.models import Role
from tests.conftest import NOW
from tests.events.people import anonymous, company, group, identify, track, user
from tests.pages import cast

SENT = [
    "null", "nil", "none", "None", "undefined", "NaN", "n/a", "0", "00", "-1", "-", "true", "false", "???",
    "[object Object]", "[object Undefined]", "undefined undefined", "(null)", "<null>", "<nil>", "%!s(<nil>)",
    "Optional(nil)", "NoneType", "<class 'NoneType'>", "DBNull", "anonymous", "AnonymousUser", "anonymousUser", "anon",
    "guest", "guest_user", "visitor", "unknown", "unknown_user", "not_authenticated", "not-logged-in",
    "(not set)", "not_set", "unset", "missing", "invalid", "id", "uid", "user_id", "userId", "user id", "distinct_id",
    "anonymous_id", "customer_id", "group_id", "email", "user@example.com", "test@test.com", "noemail@noemail.com",
    "{{user_id}}", "{{ customer.external_id }}", "${userId}", "%user_id%", "<user_id>", "<%= user.id %>", "{user_id}",
    "*|UID|*", "[[user.id]]", "$user_id", "#N/A", "#REF!", "YOUR_USER_ID", "00000000-0000-0000-0000-000000000000",
    "{00000000-0000-0000-0000-000000000000}", "00000000000000000000000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff", "9774d56d682e549c", "00:00:00:00:00:00", "02:00:00:00:00:00",
]  # fmt: skip
SPELLINGS = {
    "as they are": str,
    "in double quotes": '"{}"'.format,
    "in single quotes": "'{}'".format,
    "in quotes of quotes": '\\"{}\\"'.format,
    "in other capitals": str.upper,
    "between spaces": "  {} ".format,
    "among what is not seen": "\ufeff{}\u200b".format,
}


@pytest.fixture(params=SPELLINGS.values(), ids=SPELLINGS)
def wrong(request):
    return [request.param(text) for text in SENT]


@pytest.fixture
def two(send):
    """Alice of Acme and Bob of Rival, each with a device."""
    for name, device, where in (("alice", "dev-a", "acme"), ("bob", "dev-b", "rival")):
        send(
            identify(9, userId=name, anonymousId=device, traits={"name": name.title()}),
            group(where, 9, userId=name),
            track(9, userId=name),
        )


def they_are_still_two():
    alice, bob = user("alice"), user("bob")
    assert (alice.name, alice.customer, anonymous("dev-a")) == ("Alice", company("acme"), alice)
    assert (bob.name, bob.customer, anonymous("dev-b")) == ("Bob", company("rival"), bob)
    assert Identity.objects.exclude(kind="rapport").count() == 6
    assert Customer.objects.count() == 2


def stored():
    """Return whose the events are since the two were made."""
    rows = Event.objects.filter(occurred_at__gt=NOW.replace(day=NOW.day - 5)).order_by("id")
    return list(rows.values_list("contact__name", "customer__name"))


@pytest.mark.parametrize("place", ["userId", "anonymousId"])
def test_a_wrong_id_of_a_person_joins_no_two_and_the_event_is_theirs_who_have_another(send, two, wrong, place):
    others = [{"anonymousId": "dev-a"}, {"anonymousId": "dev-b"}] if place == "userId" else [
        {"userId": "alice"}, {"userId": "bob"}
    ]  # fmt: skip
    calls = [
        call
        for text in wrong
        for who in others
        for call in (identify(1, **who, **{place: text}, traits={"team": "x"}), track(1, **who, **{place: text}))
    ]
    outcome = send(*calls, track(1, userId="alice"))
    assert (outcome.stored, outcome.rejected) == (2 * len(wrong) + 1, 0)
    they_are_still_two()
    assert sorted(set(stored())) == [("Alice", "acme"), ("Bob", "rival")]
    assert stored().count(("Bob", "rival")) == len(wrong)


def test_a_wrong_id_of_a_company_moves_nobody_and_makes_no_customer(send, two, wrong):
    calls = [
        call
        for text in wrong
        for who in ("alice", "bob")
        for call in (group(text, 1, userId=who), track(1, userId=who, context={"groupId": text}))
    ]
    outcome = send(*calls, track(1, userId="alice"))
    # The group calls say nothing else; the events go on as if they named no company.
    assert (outcome.stored, outcome.rejected) == (2 * len(wrong) + 1, 2 * len(wrong))
    assert all("`groupId` is " in reason for reason in outcome.reasons)
    they_are_still_two()
    assert stored().count(("Bob", "rival")) == len(wrong)


def test_the_id_that_an_alias_call_joins_is_read_by_the_same_rule(wrong):
    for text in wrong:
        assert messages._id({"previousId": text}, "previousId", ids.BUILT_IN) is None
    assert messages._id({"previousId": "ann"}, "previousId", ids.BUILT_IN) == "ann"


def test_with_no_id_left_it_is_rejected_and_says_which_and_what_to_change(send, two, wrong):
    outcome = send(*(track(1, userId=text) for text in wrong), track(1, userId="alice"))
    assert (outcome.stored, outcome.rejected) == (1, len(wrong))
    assert all(
        reason.startswith("`userId` is “") and "Send the id of one person" in reason for reason in outcome.reasons
    )
    they_are_still_two()
    assert sum(Rejected.objects.values_list("count", flat=True)) == len(wrong)


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (track(userId="null"), "`userId` is “null”"),
        (track(userId="", anonymousId=" 'Undefined'"), "`anonymousId` is “ 'Undefined'”"),
        (track(userId="null", anonymousId="0"), "`userId` is “null”"),
        (track(userId=0), "`userId` is “0”"),
        (track(userId=-1), "`userId` is “-1”"),
        (track(userId=True), "`userId` is true"),
        (track(anonymousId=False), "`anonymousId` is false"),
        (track(context={"groupId": "null"}), "`context.groupId` is “null”"),
        (group("null", userId="ann"), "`groupId` is “null”"),
        (group(0, userId="ann"), "`groupId` is “0”"),
        (identify(userId="null", context={"groupId": "acme"}), "`userId` is “null”"),
        (identify(userId="\u200b"), "`userId` is “\u200b”"),
    ],
)
def test_the_reason_names_the_field_and_the_value(send, message, shown):
    [reason] = send(message).reasons
    assert reason.startswith(f"{shown}. ")


@pytest.mark.parametrize("number", [0, -1, True, False])
def test_numbers_and_truths_that_are_no_ids_leave_the_event_to_the_other_id(send, two, number):
    assert send(track(1, userId=number, anonymousId="dev-b")).stored == 1
    assert stored() == [("Bob", "rival")]


def test_ids_that_differ_in_what_is_not_seen_are_one(send):
    send(track(1, userId="ann\u200b"), track(1, userId="\ufeffann"), group("ac\u00adme", 1, userId="ann\u202c"))
    assert user("ann").customer == company("acme")
    assert Identity.objects.filter(kind="user").count() == 1


def test_event_names_and_traits_lose_what_is_not_seen(send):
    send(track(1, event="Report\u200b created", userId="ann"), track(1, userId="ann"))
    send(identify(1, userId="ann", traits={"name": "An\u202en", "email": "\ufeffAnn@Acme.example ", "title": "\u200b"}))
    send(group("acme", 1, userId="ann", traits={"name": "Ac\u00adme", "plan": "Pro\u200b"}))
    assert set(Event.objects.values_list("event_type__name", flat=True)) == {"Report created"}
    assert (user("ann").name, user("ann").email, user("ann").role) == ("Ann", "ann@acme.example", "")
    assert (company("acme").name, company("acme").plan) == ("Acme", "Pro")


def test_an_address_that_stands_for_none_links_nobody(send):
    for device in ("dev-a", "dev-b"):
        send(identify(1, anonymousId=device, traits={"email": "none@none.com"}))
    assert anonymous("dev-a") != anonymous("dev-b")
    assert not Identity.objects.filter(kind="email").exists()


@pytest.fixture
def kiosk(db):
    by = cast.colleague("Ada", Role.ADMIN)
    return WrongId.objects.create(value="kiosk-1", note="The tills", added_at=NOW, by=by)


def test_an_id_that_an_admin_added_is_none_for_what_comes_then(door):
    door.batch(track(1, userId="Kiosk-1"))
    WrongId.objects.create(value="kiosk-1", added_at=NOW)
    assert door.batch(track(userId=" 'KIOSK-1'", anonymousId="dev-a"), track(userId="Kiosk-1")).status_code == 200
    assert Rejected.objects.get().reason.startswith("`userId` is “Kiosk-1”. ")
    owners = Event.objects.order_by("occurred_at").values_list("contact", flat=True)
    assert list(owners) == [user("Kiosk-1").pk, anonymous("dev-a").pk]


def test_a_rejected_message_is_tried_again_by_the_list_of_that_day(door, kiosk):
    door.batch(track(userId="kiosk-1"))
    row = Rejected.objects.get()
    assert replay.replay(row, now=NOW).startswith("`userId` is “kiosk-1”. ")
    kiosk.delete()
    assert replay.replay(row, now=NOW) == ""
    assert Event.objects.get().contact == user("kiosk-1")


def test_the_list_comes_with_the_source_in_one_query(door, kiosk, django_assert_num_queries):
    with CaptureQueriesContext(connection) as captured:
        source = write_keys.source_of(door.key, now=NOW)
    [query] = [query["sql"] for query in captured if "customers_wrongid" in query["sql"]]
    assert 'FROM "events_source"' in query
    with django_assert_num_queries(0):
        assert {"kiosk-1", "null"} <= source.wrong_ids
