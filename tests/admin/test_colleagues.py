"""Who works here, what they may do and see."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail

from core.models import Outgoing
from core.outbox import queue
from staff.models import Role, Team, User
from staff.signing_in import links
from tests.admin.browsing import as_it_stands, seen
from tests.conftest import NOW
from tests.pages import cast

LIST = "/admin/staff/user/"
NEW = {"name": "Zoe", "email": "zoe@example.com"}
FILES = "django.core.mail.backends.filebased.EmailBackend"


def url(user, action="change"):
    return f"{LIST}{user.pk}/{action}/"


def add(desk, **fields):
    return desk.post(f"{LIST}add/", {**NEW, "role": "csm", **fields}, follow=True)


def change(desk, user, **fields):
    return desk.post(url(user), {**as_it_stands(desk.get(url(user))), **fields}, follow=True)


def test_an_admin_adds_a_colleague_who_chooses_their_own_password(desk):
    team = Team.objects.create(name="Large customers")
    page = seen(add(desk, is_limited="on", teams=[team.pk]))
    zoe = User.objects.get(email="zoe@example.com")
    assert (zoe.name, zoe.role, zoe.is_limited, list(zoe.teams.all())) == ("Zoe", Role.CSM, True, [team])
    assert not zoe.has_usable_password()
    assert "A link to choose a password is on its way to Zoe, zoe@example.com." in page
    assert "invited, not yet signed in" in page
    queue.send(clock=lambda: NOW)
    assert [message.to for message in mail.outbox] == [["zoe@example.com"]]
    assert links.link(zoe) in mail.outbox[0].body


def test_without_a_mail_server_the_link_is_shown_once(desk, settings):
    settings.EMAIL_BACKEND = FILES
    page = add(desk)
    zoe = User.objects.get(email="zoe@example.com")
    assert links.link(zoe) in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    for path in (LIST, url(zoe), f"{LIST}{zoe.pk}/history/"):
        assert "/password/choose/" not in desk.get(path).content.decode()


def test_somebody_who_has_not_signed_in_is_invited_again(desk):
    add(desk)
    zoe = User.objects.get(email="zoe@example.com")
    with time_machine.travel(NOW + timedelta(days=8), tick=False):
        assert "Zoe gets it by mail, at zoe@example.com." in seen(desk.post(url(zoe, "password")))
        assert User.objects.get(pk=zoe.pk).invited_at == NOW
        desk.post(url(zoe, "password"), {"sure": "yes"})
        zoe.refresh_from_db()
        assert zoe.invited_at == NOW + timedelta(days=8)
    assert Outgoing.objects.filter(kind="invitation").count() == 2


def test_somebody_who_works_here_gets_a_link_and_keeps_their_password_until_they_use_it(desk, settings):
    lou = cast.colleague("Lou", Role.LEAD, last_login=NOW)
    desk.post(url(lou, "password"), {"sure": "yes"})
    assert Outgoing.objects.get().kind == "password-reset"
    lou.refresh_from_db()
    assert lou.check_password(cast.PASSWORD) and lou.invited_at is None
    settings.EMAIL_BACKEND = FILES
    assert links.link(lou) in desk.post(url(lou, "password"), {"sure": "yes"}).content.decode()


def test_who_may_not_sign_in_gets_no_link(desk):
    lou = cast.colleague("Lou", is_active=False)
    assert desk.get(url(lou, "password")).status_code == 404
    assert "Send a link" not in desk.get(url(lou)).content.decode()


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"name": ""}, "This field is required."),
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
