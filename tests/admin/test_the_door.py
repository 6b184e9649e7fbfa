"""Who may enter the admin, and how."""

import pytest

from staff.models import Role
from tests.admin.browsing import seen
from tests.pages import cast


def test_an_admin_enters_and_finds_what_there_is_to_administer(desk):
    index = seen(desk.get("/admin/"))
    for name in ("Colleagues", "Teams", "API keys", "Event types", "Sources", "Rejected events", "Scoring models"):
        assert name in index


def test_roles_take_the_place_of_groups(desk):
    assert "Groups" not in seen(desk.get("/admin/"))
    assert desk.get("/admin/auth/group/").status_code == 404


@pytest.mark.parametrize("role", [Role.LEAD, Role.CSM, Role.VIEWER])
@pytest.mark.parametrize("path", ["/admin/", "/admin/staff/user/", "/admin/staff/user/add/", "/admin/nothing/"])
def test_another_colleague_is_refused_and_not_sent_to_sign_in_again(client, db, role, path):
    client.force_login(cast.colleague("Lou", role))
    response = client.get(path)
    assert response.status_code == 403
    assert "You do not have access to this page" in response.content.decode()


def test_an_admin_who_is_made_a_viewer_is_out_at_once(desk, ada):
    type(ada).objects.update(role=Role.VIEWER)
    assert desk.get("/admin/").status_code == 403


def test_an_admin_who_may_no_longer_sign_in_is_out_at_once(desk, ada):
    type(ada).objects.update(is_active=False)
    assert desk.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/sign-in/")


def test_there_is_one_page_to_sign_in(client, db):
    response = client.get("/admin/staff/user/", follow=True)
    assert response.redirect_chain[-1][0] == "/sign-in/?next=/admin/staff/user/"
    assert response.templates[0].name == "staff/sign_in.html"


def test_the_admin_keeps_to_our_content_security_policy(desk):
    response = desk.get("/admin/events/eventtype/")
    assert "script-src 'self'" in response["Content-Security-Policy"]
    page = response.content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert " onclick=" not in page
