"""A book is handed over after a page that says whom it is about, as one act, and given back by one press."""

import pytest

from customers import lifecycle
from customers.curation import assigning, undoing
from customers.models import Act, Change, Customer, Stage
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast


@pytest.fixture
def book(begun, client):
    """Maya's book: two active customers and one that churned; Jonas has one."""
    maya, jonas = cast.colleague("Maya"), cast.colleague("Jonas")
    client.force_login(maya)
    for name, value in (("Acme", 100), ("Birch", None)):
        cast.score(cast.customer(name, owner=maya), monthly_value=value)
    cast.customer("Gone", owner=maya, stage=Stage.CHURNED, churned_on=cast.TODAY)
    cast.customer("Other", owner=jonas)
    return maya, jonas


def owners():
    return dict(Customer.objects.values_list("name", "owner__name"))


def see(response):
    return " ".join(response.content.decode().split())


def address(owner):
    return f"/portfolio/reassign/?primary_owner={owner.pk}"


def test_the_page_says_how_many_in_which_stage_and_what_they_pay(client, book):
    maya, _jonas = book
    seen = see(client.get(address(maya)))
    assert "Reassign 2 customers" in seen and "€100" in seen and "Also 1 customer who churned or is archived" in seen
    assert "Other" not in seen and '<option value="" selected>Choose a colleague</option>' in seen
    assert not Act.objects.exists()


def test_those_who_left_stay_unless_they_are_asked_for(client, book):
    maya, jonas = book
    client.post(address(maya), {"owner": jonas.pk, "confirmed": "2+1"})
    assert owners() == {"Acme": "Jonas", "Birch": "Jonas", "Gone": "Maya", "Other": "Jonas"}
    client.post(address(maya), {"owner": jonas.pk, "confirmed": "0+1", "with_left": "on"})
    assert owners()["Gone"] == "Jonas"


def test_it_is_one_act_with_a_row_for_each_customer_and_one_press_gives_them_back(client, book):
    maya, jonas = book
    seen = see(client.post(address(maya), {"owner": jonas.pk, "confirmed": "2+1"}, follow=True))
    act = Act.objects.get(part_of=None)
    assert (act.kind, act.parts.count(), act.detail["owner_name"]) == ("owner", 2, "Jonas")
    assert "2 customers changed." in seen and f'action="/acts/{act.pk}/undo/"' in seen
    assert Change.objects.count() == 2
    Customer.objects.filter(name="Birch").update(owner=None)
    seen = see(client.post(f"/acts/{act.pk}/undo/", {"sure": "yes", "next": "/portfolio/"}, follow=True))
    assert "1 customer has another owner since and keeps it" in seen
    assert owners() == {"Acme": "Maya", "Birch": None, "Gone": "Maya", "Other": "Jonas"}
    assert undoing.refusal(Act.objects.get(pk=act.pk)) == "This has been undone already."


def test_nothing_is_done_when_the_numbers_changed_or_nobody_was_chosen(client, book):
    maya, jonas = book
    for data in ({"owner": jonas.pk, "confirmed": "3+1"}, {"owner": "", "confirmed": "2+1"}, {"confirmed": "2+1"}):
        client.post(address(maya), data)
    client.post("/portfolio/reassign/?primary_owner=x", {"owner": jonas.pk, "confirmed": "0+0"})
    client.post("/portfolio/reassign/", {"owner": jonas.pk, "confirmed": "3+1", "with_left": "on"})
    assert not Act.objects.exists() and owners()["Acme"] == "Maya"


def test_the_list_previews_and_undoes_the_same_way(client, book):
    maya, jonas = book
    data = {"act": "owner", "everybody": "on", "query": f"owner={maya.pk}&stage=all"}
    assert "€100" in see(client.post("/customers/bulk/", data))
    client.post("/customers/bulk/", {**data, "confirmed": "3", "owner": jonas.pk, "with_left": "on"})
    act = Act.objects.get(part_of=None)
    assert act.detail["customers"] == 3
    client.post(f"/acts/{act.pk}/undo/", {"sure": "yes"})
    assert owners()["Gone"] == "Maya"


def test_a_viewer_reassigns_nobody_and_a_limited_colleague_only_their_own(client, book):
    maya, _jonas = book
    client.force_login(cast.colleague("Vic", Role.VIEWER))
    assert client.get(address(maya)).status_code == 403
    lou = cast.colleague("Lou", is_limited=True)
    client.force_login(lou)
    assert "There is nobody to reassign." in see(client.get(address(maya)))
    client.post(address(maya), {"owner": lou.pk, "confirmed": "2+1"})
    assert owners()["Acme"] == "Maya"


def test_whoever_has_that_owner_already_is_in_no_act(book):
    _maya, jonas = book
    other = Customer.objects.get(name="Other")
    assert assigning.assign([other.pk], jonas, now=NOW, by=None) is None
    act = assigning.assign([other.pk, Customer.objects.get(name="Acme").pk], jonas, now=NOW, by=None)
    assert act.customer == Customer.objects.get(name="Acme") and act.detail["customers"] == 1


def test_an_owner_who_is_gone_leaves_the_customer_to_nobody(book):
    maya, jonas = book
    act = assigning.assign([Customer.objects.get(name="Acme").pk], jonas, now=NOW, by=None)
    lifecycle.edit({pk: {"owner_id": None} for pk in Customer.objects.filter(owner=maya).values_list("pk", flat=True)},
                   now=NOW, by=None)  # fmt: skip
    maya.delete()
    undoing.undo(act, now=NOW, by=None)
    assert owners()["Acme"] is None
