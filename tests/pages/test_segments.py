"""Segments: private or shared, tabs above the list, changed by their owner, and by leads and admins when shared."""

import pytest

from customers.models import Segment
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast

LIST, VIEWS = "/customers/", "/customers/views/"


@pytest.fixture
def red(maya):
    return Segment.objects.create(name="Red", query={"health": "red"}, owner=maya, created_at=NOW)


@pytest.fixture
def signed_in(client, maya):
    def sign_in(user):
        client.force_login(user)
        return client

    client.force_login(maya)
    return sign_in


def test_what_was_asked_is_kept_under_a_name(client, signed_in, maya):
    said = {"name": "Red of mine", "query": f"owner={maya.pk}&health=red&columns=mrr&columns=plan&cursor=x&q="}
    response = client.post(VIEWS, said, follow=True)
    view = Segment.objects.get()
    assert view.query == {"owner": str(maya.pk), "health": "red", "columns": ["mrr", "plan"], "stage": "followed"}
    assert (view.owner, view.is_shared) == (maya, False)
    assert response.redirect_chain[0][0] == f"{LIST}?{view.as_query}"
    assert "Saved as “Red of mine”." in response.content.decode()


def test_the_tab_of_the_view_that_is_shown_says_so(page, red):
    seen = page(LIST, health="red", stage="all")
    assert 'href="/customers/?stage=all&amp;health=red" aria-current="page"> <bdi>Red</bdi>' in seen
    # Without a word on the stage, the list leaves out those who left, and the segment does not.
    for others in ({"health": "green", "stage": "all"}, {"health": "red"}):
        assert 'aria-current="page"> <bdi>Red' not in page(LIST, **others)


@pytest.mark.parametrize("query", ["", "health=purple", "heath=red", "q=a%00b"])
def test_a_question_that_asks_nothing_or_cannot_be_answered_is_not_saved(client, signed_in, query):
    response = client.post(VIEWS, {"name": "Nonsense", "query": query})
    assert "cannot be saved" in response.content.decode()
    assert not Segment.objects.exists()


def test_a_name_is_taken_once(client, signed_in, red):
    response = client.post(VIEWS, {"name": "Red", "query": "q=other"})
    assert "You already have a segment with this name." in response.content.decode()
    assert Segment.objects.get().query == {"health": "red"}


def test_a_private_view_is_its_owners_alone(client, signed_in, red):
    signed_in(cast.colleague("Jonas", Role.ADMIN))
    assert "<bdi>Red</bdi>" not in client.get(LIST).content.decode()
    assert client.get(f"{VIEWS}{red.pk}/").status_code == 404


@pytest.mark.parametrize(("role", "status"), [(Role.LEAD, 200), (Role.ADMIN, 200), (Role.CSM, 404), (Role.VIEWER, 404)])
def test_a_shared_view_is_seen_by_all_and_changed_by_leads_and_admins(client, signed_in, red, role, status):
    Segment.objects.update(is_shared=True)
    signed_in(cast.colleague("Jonas", role))
    assert "<bdi>Red</bdi>" in client.get(LIST).content.decode()
    assert client.get(f"{VIEWS}{red.pk}/").status_code == status
    assert client.post(f"{VIEWS}{red.pk}/", {"act": "delete"}).status_code == (302 if status == 200 else 404)
    assert Segment.objects.exists() == (status == 404)


def test_a_view_is_renamed_and_shared(client, signed_in, red):
    assert client.post(f"{VIEWS}{red.pk}/", {"name": "Redder", "is_shared": "on", "act": "save"}).status_code == 302
    red.refresh_from_db()
    assert (red.name, red.is_shared, red.query) == ("Redder", True, {"health": "red"})


def test_a_viewer_saves_for_themselves_and_does_not_share(client, signed_in):
    vera = cast.colleague("Vera", Role.VIEWER)
    signed_in(vera)
    client.post(VIEWS, {"name": "Red", "query": "health=red", "is_shared": "on"})
    assert Segment.objects.get().is_shared is False


def test_a_view_whose_rule_no_longer_works_says_so_and_shows_nobody(page, maya):
    cast.customer("Acme")
    Segment.objects.create(name="Old", query={"colour": "red"}, owner=maya, created_at=NOW)
    seen = page(LIST, colour="red")
    assert "There is no filter named “colour”." in seen
    assert "<bdi>Acme</bdi>" not in seen
