"""One act on many customers: asked twice, recorded, and only on whom the colleague may see."""

import pytest

from customers.models import Change, Customer
from staff.models import Role
from tests.pages import cast

BULK = "/customers/bulk/"


@pytest.fixture
def customers(maya):
    return [cast.customer(name, owner=maya, tags=["old"]) for name in ("Acme", "Globex", "Initech")]


@pytest.fixture
def post(client, maya):
    client.force_login(maya)

    def send(**said):
        return client.post(BULK, {key: value for key, value in said.items() if value is not None}, follow=True)

    return send


def pks(customers):
    return [customer.pk for customer in customers]


def test_nothing_happens_before_it_was_confirmed_and_the_question_says_how_many(post, customers):
    seen = " ".join(post(act="tag", customer=pks(customers[:2])).content.decode().split())
    assert "Add which tag to 2 customers?" in seen
    assert "Yes, change 2" in seen
    assert "<bdi>Acme</bdi>" in seen and "<bdi>Initech</bdi>" not in seen
    assert not Change.objects.exists()


def test_the_chosen_are_tagged_and_untagged_and_each_change_is_recorded(post, customers, maya):
    seen = post(act="tag", customer=pks(customers[:2]), confirmed=2, tag="vip").content.decode()
    assert "2 customers changed." in seen
    assert [one.tags for one in Customer.objects.order_by("pk")] == [["old", "vip"], ["old", "vip"], ["old"]]
    assert {(change.by, tuple(change.fields)) for change in Change.objects.all()} == {(maya, ("tags",))}
    post(act="untag", customer=pks(customers), confirmed=3, tag="old")
    assert [one.tags for one in Customer.objects.order_by("pk")] == [["vip"], ["vip"], []]
    assert Change.objects.count() == 5


def test_all_found_get_an_owner(post, customers):
    jonas = cast.colleague("Jonas")
    seen = post(act="owner", everybody="on", query="stage=active", confirmed=3, owner=jonas.pk).content.decode()
    assert "3 customers changed." in seen
    assert set(Customer.objects.values_list("owner", flat=True)) == {jonas.pk}
    post(act="owner", customer=pks(customers[:1]), confirmed=1, owner="none")
    assert Customer.objects.get(name="Acme").owner is None


def test_all_found_are_those_of_the_question_at_that_moment(post, customers):
    seen = post(act="tag", everybody="on", query="q=globex", confirmed=2, tag="vip").content.decode()
    assert "Add which tag to 1 customer?" in seen  # not 2 any more: asked again
    assert not Change.objects.exists()
    post(act="tag", everybody="on", query="q=globex", confirmed=1, tag="vip")
    assert list(Customer.objects.filter(tags__contains=["vip"]).values_list("name", flat=True)) == ["Globex"]


@pytest.mark.parametrize(
    "said",
    [
        {"act": "", "customer": ["1"]},
        {"act": "delete", "everybody": "on"},
        {"act": "tag"},
        {"act": "tag", "customer": ["x", "-1", "9" * 40]},
        {"act": "tag", "everybody": "on", "query": "health=purple", "confirmed": 0, "tag": "vip"},
        {"act": "tag", "everybody": "on", "query": "q=%00", "confirmed": 3, "tag": "vip"},
        {"act": "tag", "everybody": "on", "confirmed": 3, "tag": ""},
        {"act": "tag", "everybody": "on", "confirmed": 3, "tag": "x" * 51},
        {"act": "owner", "everybody": "on", "confirmed": 3, "owner": "999999"},
    ],
)
def test_what_makes_no_sense_changes_nobody(post, customers, said):
    assert post(**said).status_code == 200
    assert not Change.objects.exists()


def test_a_limited_csm_reaches_only_their_own(client, customers):
    lou = cast.colleague("Lou", is_limited=True)
    own = cast.customer("Own", owner=lou)
    client.force_login(lou)
    client.post(BULK, {"act": "tag", "customer": [own.pk, *pks(customers)], "confirmed": "4", "tag": "vip"})
    assert not Change.objects.exists()  # there is only one for them: asked again
    client.post(BULK, {"act": "tag", "customer": [own.pk, *pks(customers)], "confirmed": "1", "tag": "vip"})
    client.post(BULK, {"act": "untag", "everybody": "on", "confirmed": "1", "tag": "vip"})
    assert set(Change.objects.values_list("customer", flat=True)) == {own.pk}


def test_viewers_change_nobody_and_are_not_offered_to(client, customers):
    client.force_login(cast.colleague("Vera", Role.VIEWER))
    said = {"act": "tag", "customer": pks(customers), "confirmed": "3", "tag": "vip"}
    assert client.post(BULK, said).status_code == 403
    assert client.post(BULK, {"act": "export", "customer": pks(customers)}).status_code == 403
    assert not Change.objects.exists()
    assert 'name="customer"' not in client.get("/customers/").content.decode()


def test_the_chosen_leave_as_a_file(client, maya, customers):
    client.force_login(maya)
    response = client.post(BULK, {"act": "export", "customer": pks(customers[:1])})
    lines = b"".join(response).decode().splitlines()
    assert len(lines) == 2 and "Acme" in lines[1]
