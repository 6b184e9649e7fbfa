"""Owner, stage and tags changed in the row of the list, with a script and without, by two people, and undone."""

import html
import json
import re
from datetime import timedelta

import pytest

from customers.models import Act, Change, Customer, Stage
from staff.models import Role
from tests.pages import cast

LIST = "/customers/"
PART = {"HX-Request": "true", "HX-Current-URL": "http://testserver/customers/?columns=stage&columns=tags&q="}


@pytest.fixture
def acme(client, maya):
    client.force_login(maya)
    return cast.customer("Acme", owner=maya, tags=["vip"])


def address(customer, field):
    return f"/customers/{customer.pk}/in-row/{field}/"


def seen(**values):
    return json.dumps({**values, "sure": ""})


def undo(client, row):
    """Press the undo that an answer holds."""
    token = re.search(r'name="token" value="([^"]+)"', row)
    if token:
        return client.post("/today/undo/", {"token": html.unescape(token.group(1))}, follow=True)
    act = re.search(r'action="(/[^"]*undo/)"', row)
    return client.post(act.group(1), {"sure": "yes"}, follow=True)


def test_the_row_is_answered_with_the_columns_of_the_list(client, acme):
    asked = client.get(address(acme, "stage"), headers=PART).content.decode()
    assert '<option value="active" selected>' in asked and "<html" not in asked
    saved = client.post(address(acme, "stage"), {"stage": "trial"}, headers=PART).content.decode()
    assert saved.count('role="cell"') == 3 and "Trial" in saved and "was saved" in saved
    assert Customer.objects.get(pk=acme.pk).stage == Stage.TRIAL
    assert Change.objects.get().fields["stage"] == ["active", "trial"]


def test_thinking_better_of_it_shows_the_row_as_it_was(client, acme):
    seen_again = client.get(address(acme, "tags"), {"stop": ""}, headers=PART).content.decode()
    assert "<form" not in seen_again and "vip" in seen_again and "autofocus" in seen_again


def test_without_a_script_it_is_a_page_that_goes_back_to_the_list(client, acme):
    asked = client.get(address(acme, "tags"), headers={"Referer": "http://testserver/customers/?q=ac"})
    assert 'value="/customers/?q=ac"' in asked.content.decode()
    answer = client.post(address(acme, "tags"), {"tags": "vip, new", "next": "/customers/?q=ac"})
    assert answer["Location"] == "/customers/?q=ac"
    assert Customer.objects.get(pk=acme.pk).tags == ["vip", "new"]


@pytest.mark.parametrize(
    "where", ["http://elsewhere.example/customers/", "http://testserver/surveys/", "", "::", "http://["]
)
def test_it_goes_back_nowhere_else(client, acme, where):
    asked = client.get(address(acme, "tags"), headers={"Referer": where}).content.decode()
    assert 'name="next" value="/customers/"' in asked
    row = client.get(address(acme, "owner"), headers={**PART, "HX-Current-URL": where}).content.decode()
    assert "<form" in row and "<html" not in row


def test_what_somebody_else_changed_meanwhile_is_not_lost(client, acme):
    Customer.objects.filter(pk=acme.pk).update(tags=["vip", "late"])
    sent = {"tags": "vip, new", "seen": seen(tags="vip")}
    answer = client.post(address(acme, "tags"), sent, headers=PART).content.decode()
    assert "from “vip” to “vip, late”" in answer
    assert Customer.objects.get(pk=acme.pk).tags == ["vip", "late"]
    sent["seen"] = html.unescape(re.search(r'name="seen" value="([^"]*)"', answer).group(1))
    client.post(address(acme, "tags"), sent, headers=PART)
    assert Customer.objects.get(pk=acme.pk).tags == ["vip", "new"]


def test_a_new_owner_is_an_act_and_can_be_undone(client, acme, maya):
    jonas = cast.colleague("Jonas")
    row = client.post(address(acme, "owner"), {"owner": str(jonas.pk)}, headers=PART).content.decode()
    assert Customer.objects.get(pk=acme.pk).owner == jonas
    assert Act.objects.get().kind == Act.Kind.OWNER
    undo(client, row)
    assert Customer.objects.get(pk=acme.pk).owner == maya


def test_the_day_of_churn_comes_back_with_the_undo(client, acme):
    left = cast.TODAY - timedelta(days=40)
    gone = cast.customer("Gone", stage=Stage.CHURNED, churned_on=left)
    row = client.post(address(gone, "stage"), {"stage": "active"}, headers=PART).content.decode()
    assert Customer.objects.get(pk=gone.pk).churned_on is None
    undo(client, row)
    assert Customer.objects.filter(pk=gone.pk, stage=Stage.CHURNED, churned_on=left).exists()


def test_an_undo_takes_nothing_from_who_came_later(client, acme):
    row = client.post(address(acme, "tags"), {"tags": "new"}, headers=PART).content.decode()
    Customer.objects.filter(pk=acme.pk).update(tags=["new", "late"])
    answer = undo(client, row)
    assert "somebody has gone on from there" in answer.content.decode()
    assert Customer.objects.get(pk=acme.pk).tags == ["new", "late"]


def test_a_limited_colleague_is_warned_and_then_loses_the_row(client, acme):
    lou = cast.colleague("Lou", is_limited=True)
    own = cast.customer("Own", owner=lou)
    client.force_login(lou)
    usual = {**PART, "HX-Current-URL": "http://testserver/customers/"}
    warned = client.post(address(own, "owner"), {"owner": "nobody"}, headers=usual).content.decode()
    assert "you would lose sight" in warned
    gone = client.post(address(own, "owner"), {"owner": "nobody", "sure": "on"}, headers=PART).content.decode()
    assert "<tr" not in gone and "was saved" in gone
    assert client.get(address(acme, "owner")).status_code == 404
    assert client.post(address(acme, "owner"), {"owner": "nobody"}).status_code == 404


def test_viewers_and_unknown_fields(client, acme):
    assert client.get(address(acme, "mrr")).status_code == 404
    client.force_login(cast.colleague("Vera", Role.VIEWER))
    assert client.post(address(acme, "stage"), {"stage": "trial"}).status_code == 403
    assert "/in-row/" not in client.get(LIST).content.decode()


def test_values_that_are_none_are_refused(client, acme):
    for field, value in (("stage", "sleeping"), ("owner", "0"), ("tags", "x" * 51)):
        client.post(address(acme, field), {field: value}, headers=PART)
    assert not Change.objects.exists()
