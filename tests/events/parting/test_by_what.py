"""What tells the people who shared an id apart, and what is made of them where it says little."""

import pytest

from customers.models import Customer, Identity
from events.models import Event
from events.parting import lifecycle
from tests.conftest import NOW
from tests.events.parting.steps import counted, did, parted
from tests.events.people import anonymous, company, contact_of, days_at, group, identify, track, user

EMAIL = "email"


def under(value):
    """Return where live events under a name happened, and how many."""
    return sorted(Event.objects.live().filter(person__value=value).values_list("customer__name", flat=True))


def test_by_address_as_traits_and_properties_say(send):
    ann = {"context": {"traits": {"email": " Ann@Acme.example"}, "groupId": "acme"}}
    send(*(track(days, userId="guest-1", messageId=f"a{days}", **ann) for days in (4, 3)))
    send(track(2, userId="guest-1", properties={"email": "bob@birch.example"}, context={"groupId": "birch"}))
    send(track(1, userId="guest-1", properties={"email": "no address"}, context={"groupId": "birch"}))
    job = parted("guest-1", "email")
    assert (job.people, job.changed, job.rest) == (2, 3, 1)
    assert contact_of(EMAIL, "ann@acme.example").email == "ann@acme.example"
    assert under("ann@acme.example") == ["acme"] * 2
    assert (under("bob@birch.example"), under("guest-1")) == (["birch"], ["birch"])


def test_by_company_as_far_as_events_name_one(send):
    send(*(did(days, name, userId="kiosk") for name in ("acme", "birch") for days in (3, 2)), did(1, userId="kiosk"))
    job = parted("kiosk", "company")
    assert (job.people, job.changed, job.rest) == (2, 4, 1)
    people = Identity.objects.filter(kind="part").order_by("pk")
    assert [person.contact.customer.name for person in people] == ["acme", "birch"]
    assert [person.value for person in people] == [
        f"kiosk · {user('kiosk').identities.get(kind='user').pk}-{company(name).pk}" for name in ("acme", "birch")
    ]


def test_a_device_that_is_somebodys_gives_them_what_it_did(send):
    send(group("acme", 9, userId="ann"), track(8, userId="ann", anonymousId="a1"))
    send(did(3, userId="till", anonymousId="a1"), did(2, userId="till", anonymousId="t2"))
    ann = user("ann")
    parted("till")
    assert anonymous("a1") == user("ann") == ann
    assert days_at(company("acme")) == [8, 3]
    assert anonymous("t2") not in (ann, user("till"))


def test_a_device_of_the_contact_itself_stays(send):
    send(group("acme", 9, userId="ann"), did(8, userId="ann", anonymousId="a1"))
    send({"type": "alias", "previousId": "till", "userId": "ann", "timestamp": NOW.isoformat()})
    send(did(3, userId="till", anonymousId="a1"), did(2, userId="till", anonymousId="t2"))
    assert user("till") == user("ann")
    job = parted("till")
    assert (anonymous("a1"), job.people, job.changed) == (user("ann"), 1, 1)
    assert anonymous("t2") != user("ann")


def test_people_of_whom_no_company_is_known_go_home(send):
    send(group("acme", 9, userId="till"), group("birch", 8, userId="till"))
    send(did(3, userId="till", anonymousId="t1"), did(2, "acme", userId="till", anonymousId="t2"))
    assert counted("till").homeless == 1
    parted("till")
    assert anonymous("t1").customer.provisional and days_at(anonymous("t1").customer) == [3]
    assert anonymous("t2").customer == company("acme")


def test_where_all_belonged_to_one_company_they_stay_there(send):
    send(group("acme", 9, userId="till"))
    send(did(3, userId="till", anonymousId="t1"), track(2, anonymousId="t1"), did(1, userId="till", anonymousId="t2"))
    job = parted("till")
    assert (job.homeless, job.events, job.changed) == (0, 3, 2)
    assert anonymous("t1").customer == anonymous("t2").customer == company("acme")
    assert days_at(company("acme")) == [3, 2, 1]


def test_visitors_without_a_company_are_parted_as_well(send):
    send(
        *(did(days, userId="till", anonymousId=f"t{days}") for days in (3, 2)),
        did(1, "acme", userId="till", anonymousId="t2"),
    )
    parted("till")
    assert days_at(anonymous("t3").customer) == [3]
    assert (anonymous("t2").customer, days_at(company("acme"))) == (company("acme"), [2, 1])
    assert Customer.objects.filter(provisional=True).count() == 2, "that of t3, and the contact's own"


def test_an_address_that_many_devices_shared(send):
    for device in ("d1", "d2", "d3"):
        send(identify(5, anonymousId=device, traits={"email": "info@acme.example"}), did(3, anonymousId=device))
    assert anonymous("d1") == anonymous("d3")
    job = parted("info@acme.example", kind="email")
    assert (job.people, job.events, job.changed) == (3, 3, 0), "what came under the devices follows them"
    assert len({anonymous("d1"), anonymous("d2"), anonymous("d3"), contact_of(EMAIL, "info@acme.example")}) == 4


@pytest.mark.parametrize(
    ("kind", "value", "by_what", "reason"),
    [("anonymous", "d1", "device", "one device itself"), ("company", "acme", "email", "the id of a company")],
)
def test_what_cannot_be_parted_is_refused(send, kind, value, by_what, reason):
    send(did(3, "acme", anonymousId="d1"))
    with pytest.raises(ValueError, match=reason):
        lifecycle.ask(Identity.objects.get(kind=kind, value=value), by_what, now=NOW, by=None)


def test_what_records_tell_stays_with_the_contact(send):
    send(did(3, "acme", userId="till", anonymousId="t1"))
    send({**did(2, "acme", userId="till", anonymousId="t1"), "record": True}, internal=True)
    job = parted("till")
    assert (job.changed, job.rest) == (1, 1)
    assert under("till") == ["acme"]
