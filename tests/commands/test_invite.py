"""`manage.py invite`: invites somebody new, and prints a link for whoever is locked out."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from core.models import Outgoing
from staff.models import Role, User
from staff.signing_in import links
from tests.conftest import NOW
from tests.pages import cast


def invite(capsys, *arguments):
    call_command("invite", *arguments)
    return capsys.readouterr().out.strip()


def test_somebody_new_is_invited_and_the_link_is_printed(db, capsys):
    link = invite(capsys, "zoe@example.com", "--name", "Zoe", "--role", "csm", "--limited")
    zoe = User.objects.get()
    assert (zoe.name, zoe.role, zoe.is_limited, zoe.has_usable_password()) == ("Zoe", Role.CSM, True, False)
    assert Outgoing.objects.get().kind == "invitation"
    assert Client().get(link.removeprefix("http://localhost:8000")).status_code == 200


def test_run_again_it_invites_again(db, capsys):
    invite(capsys, "zoe@example.com")
    link = invite(capsys, "ZOE@example.com")
    assert links.owner(link.rstrip("/").rpartition("/")[2]) == User.objects.get(name="zoe")


def test_for_somebody_who_works_here_it_prints_a_link_and_changes_nothing(db, capsys):
    lou = cast.colleague("Lou", Role.ADMIN, last_login=NOW)
    link = invite(capsys, "lou@example.com", "--role", "viewer")
    lou.refresh_from_db()
    assert (lou.role, lou.check_password(cast.PASSWORD), Outgoing.objects.exists()) == (Role.ADMIN, True, False)
    assert links.owner(link.rstrip("/").rpartition("/")[2]) == lou


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["no address"], "valid email"),
        (["a@example.com", "--role", "viewer", "--limited"], "Only a customer success manager can be limited"),
        (["gone@example.com"], "may not sign in any more"),
    ],
)
def test_what_is_wrong_is_one_sentence(db, arguments, problem):
    cast.colleague("Gone", is_active=False)
    with pytest.raises(CommandError, match=problem):
        call_command("invite", *arguments)
    assert User.objects.count() == 1
