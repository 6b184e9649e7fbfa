"""Who works here, what they may do and see."""

import pytest

from staff.models import Role, Team, User
from tests.admin.browsing import as_it_stands, seen
from tests.pages import cast

LIST = "/admin/staff/user/"
NEW = {"name": "Zoe", "email": "zoe@example.com", "password1": "a long walk home", "password2": "a long walk home"}


def url(user, action="change"):
    return f"{LIST}{user.pk}/{action}/"


def add(desk, **fields):
    return desk.post(f"{LIST}add/", {**NEW, "role": "csm", **fields}, follow=True)


def change(desk, user, **fields):
    return desk.post(url(user), {**as_it_stands(desk.get(url(user))), **fields}, follow=True)


def test_an_admin_adds_a_colleague_who_can_sign_in_at_once(desk, client):
    team = Team.objects.create(name="Large customers")
    add(desk, is_limited="on", teams=[team.pk])
    zoe = User.objects.get(email="zoe@example.com")
    assert (zoe.name, zoe.role, zoe.is_limited, list(zoe.teams.all())) == ("Zoe", Role.CSM, True, [team])
    client.logout()
    assert client.login(username="zoe@example.com", password="a long walk home")


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"password2": "another long walk"}, "The two password fields didn’t match."),
        ({"password1": "short", "password2": "short"}, "This password is too short."),
        ({"password1": "", "password2": ""}, "This field is required."),
        ({"email": "ada@example.com"}, "already exists"),
        ({"email": "ADA@Example.com"}, "exists already"),
        ({"role": "viewer", "is_limited": "on"}, "Only a customer success manager can be limited"),
        ({"role": "king"}, "Select a valid choice"),
        ({"email": "no address"}, "Enter a valid email address."),
    ],
)
def test_what_is_wrong_is_said_beside_the_form(desk, wrong, error):
    assert error in seen(add(desk, **wrong))
    assert not User.objects.filter(name="Zoe").exists()


def test_a_colleague_changes_role_and_what_they_see(desk):
    lou = cast.colleague("Lou", Role.CSM)
    change(desk, lou, role="viewer", name="Lou B.")
    lou.refresh_from_db()
    assert (lou.role, lou.name) == (Role.VIEWER, "Lou B.")
    assert "Only a customer success manager can be limited" in seen(change(desk, lou, is_limited="on"))


def test_an_admin_sets_a_new_password_and_the_old_one_and_its_sessions_end(desk):
    lou = cast.colleague("Lou", Role.LEAD)
    elsewhere = type(desk)()
    elsewhere.force_login(lou)
    assert elsewhere.get("/customers/").status_code == 200
    desk.post(url(lou, "password"), {"password1": "a long walk home", "password2": "a long walk home"})
    lou.refresh_from_db()
    assert lou.check_password("a long walk home")
    assert elsewhere.get("/customers/").status_code == 302


def test_a_page_never_shows_a_passwords_hash(desk, ada):
    assert ada.password not in desk.get(url(ada)).content.decode()


def test_the_last_admin_cannot_lock_everybody_out(desk, ada):
    for fields in ({"role": "lead"}, {"is_active": ""}):
        sent = {key: value for key, value in as_it_stands(desk.get(url(ada))).items() if key not in fields}
        answer = desk.post(url(ada), {**sent, **{key: value for key, value in fields.items() if value}})
        assert "This is the only admin who may sign in." in seen(answer)


def test_one_admin_of_two_may_step_down(desk, ada):
    cast.colleague("Eve", Role.ADMIN)
    change(desk, ada, role="lead")
    ada.refresh_from_db()
    assert ada.role == Role.LEAD


def test_colleagues_leave_by_losing_their_access_and_are_never_deleted(desk):
    lou = cast.colleague("Lou", Role.CSM)
    assert desk.get(url(lou, "delete")).status_code == 403
    sent = as_it_stands(desk.get(url(lou)))
    del sent["is_active"]
    desk.post(url(lou), sent)
    lou.refresh_from_db()
    assert not lou.is_active


def test_colleagues_are_found_by_role_team_and_name(desk):
    team = Team.objects.create(name="Large customers")
    lou = cast.colleague("Lou", Role.CSM)
    lou.teams.add(team)
    for question in ({"role__exact": "csm"}, {"teams__id__exact": team.pk}, {"q": "lou"}):
        assert [user.name for user in desk.get(LIST, question).context["cl"].result_list] == ["Lou"]


def test_teams_are_made_renamed_and_dissolved(desk):
    desk.post("/admin/staff/team/add/", {"name": "Small customers"})
    team = Team.objects.get(name="Small customers")
    desk.post(f"/admin/staff/team/{team.pk}/change/", {"name": "Growing customers"})
    assert Team.objects.get(pk=team.pk).name == "Growing customers"
    desk.post(f"/admin/staff/team/{team.pk}/delete/", {"post": "yes"})
    assert not Team.objects.exists()
