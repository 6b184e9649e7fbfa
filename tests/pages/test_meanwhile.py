"""Two people at one form: nobody overwrites unseen what the other saved."""

import pytest

from customers.models import Customer
from tests.pages.filled import form_of


def test_two_people_who_change_two_fields_both_keep_their_change(client, acme):
    path = f"/customers/{acme.pk}/edit/"
    first, second = form_of(client, path), form_of(client, path)
    client.post(path, {**first, "plan": "Team"})
    assert client.post(path, {**second, "industry": "Retail"}).status_code == 302
    assert Customer.objects.values("plan", "industry").get() == {"plan": "Team", "industry": "Retail"}


def test_who_changes_what_somebody_changed_meanwhile_is_told_and_can_overwrite_it(client, acme):
    path = f"/customers/{acme.pk}/edit/"
    first, second = form_of(client, path), form_of(client, path)
    client.post(path, {**first, "plan": "Team"})
    asked = client.post(path, {**second, "plan": "Solo"})
    assert "Maya changed “Plan” from “–” to “Team”" in asked.content.decode()
    assert Customer.objects.get().plan == "Team"
    again = {**second, "plan": "Solo", "seen": asked.context["form"]["seen"].value()}
    assert client.post(path, again).status_code == 302
    assert Customer.objects.get().plan == "Solo"


@pytest.mark.parametrize(
    ("mine", "attributes"),
    [
        ({"region": "North", "score": "1"}, {"region": "South", "score": 1, "new": "x"}),  # untouched
        ({"region": "North", "score": "2"}, {"region": "South", "score": 2, "new": "x"}),  # another one changed
        ({"region": "South", "score": "1"}, {"region": "South", "score": 1, "new": "x"}),  # the same change
        ({"region": "North"}, {"region": "South", "new": "x"}),  # another one taken out
    ],
)
def test_attributes_somebody_changed_meanwhile_are_kept(client, acme, mine, attributes):
    path = f"/customers/{acme.pk}/edit/"
    Customer.objects.update(attributes={"region": "North", "score": 1})
    shown = form_of(client, path)
    Customer.objects.update(attributes={"region": "South", "score": 1, "new": "x"})
    said = {**shown, "attribute_name": list(mine), "attribute_value": list(mine.values())}
    assert client.post(path, said).status_code == 302
    assert Customer.objects.get().attributes == attributes


def test_a_wrong_attribute_between_does_not_hide_what_somebody_else_saved(client, acme):
    path = f"/customers/{acme.pk}/edit/"
    Customer.objects.update(attributes={"region": "North"})
    shown = form_of(client, path)
    Customer.objects.update(attributes={"region": "South"})
    twice = {**shown, "attribute_name": ["region", "region"], "attribute_value": ["North", "North"]}
    wrong = client.post(path, twice).context["form"]
    mended = {"attribute_name": ["region"], "attribute_value": ["North"], "attribute_seen": wrong.attributes.seen}
    assert client.post(path, {**shown, **mended}).status_code == 302
    assert Customer.objects.get().attributes == {"region": "South"}


def test_an_attribute_that_two_people_change_is_asked_about_once(client, acme):
    path = f"/customers/{acme.pk}/edit/"
    Customer.objects.update(attributes={"region": "North"})
    shown = form_of(client, path)
    Customer.objects.update(attributes={"region": "South"})
    said = {**shown, "attribute_name": ["region"], "attribute_value": ["East"]}
    asked = client.post(path, said)
    assert "“region” was changed from “North” to “South” in the meantime." in asked.content.decode()
    assert Customer.objects.get().attributes == {"region": "South"}
    assert client.post(path, {**said, "attribute_seen": asked.context["form"].attributes.seen}).status_code == 302
    assert Customer.objects.get().attributes == {"region": "East"}
