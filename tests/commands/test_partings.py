"""manage.py find_glued_people and part_person: what the pages of shared ids do."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from customers.models import Contact, Identity, WrongId
from events import ingest
from events.log import resettling
from events.models import Parting
from tests.events.parting.steps import did
from tests.events.people import anonymous, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def till(source):
    """Five devices that were sent as one user."""
    now = timezone.now()
    messages = [did(5 - n, "acme", userId="till-7", anonymousId=f"d{n}") for n in range(5)]
    ingest.record([*messages, did(9, "acme", userId="till-7")], source=source, now=now)
    resettling.settle_all(now=now)
    return user("till-7").pk


def test_they_are_found_and_parted(till, capsys):
    call_command("find_glued_people")
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == [str(till), "5", "0", "1", "user:", "till-7"]
    assert lines[-1] == "1 found."
    call_command("part_person", contact=till, by="device")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "5 people with 5 events; 1 events stay with the contact."
    assert lines[1].split() == ["1", "d0", "acme"]
    assert lines[-1] == "Parted 5 people; 5 events told again."
    assert len({anonymous(f"d{n}") for n in range(5)} | {user("till-7")}) == 6
    assert WrongId.objects.get().value == "till-7"


def test_a_dry_run_changes_nothing(till, capsys):
    call_command("part_person", contact=till, by="device", dry_run=True)
    assert "5 people" in capsys.readouterr().out
    assert anonymous("d0") == user("till-7")
    assert Parting.objects.get().state == "cancelled"


def test_the_rest_can_go_to_one_of_them_and_the_id_stay_good(till):
    call_command("part_person", contact=till, by="device", rest_with="d3", wrong_id=False)
    assert anonymous("d3") == user("till-7") != anonymous("d0")
    assert not WrongId.objects.exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"contact": 404, "by": "device"}, "There is no contact 404"),
        ({"by": "device", "id": "nobody"}, "user till-7, anonymous d0, anonymous d1"),
        ({"by": "device", "id": "d1"}, "one device itself"),
        ({"by": "device", "rest_with": "d9"}, "Nobody among them is d9"),
    ],
)
def test_what_is_wrong_is_said(till, options, words):
    with pytest.raises(CommandError, match=words):
        call_command("part_person", **{"contact": till, **options})
    assert anonymous("d0") == user("till-7")


def test_of_two_user_ids_staff_says_which(till):
    contact = Contact.objects.get(pk=till)
    Identity.objects.create(kind="user", value="till-8", contact=contact)
    with pytest.raises(CommandError, match="user till-7, user till-8"):
        call_command("part_person", contact=till, by="device")
    call_command("part_person", contact=till, by="device", id="till-7")
    assert anonymous("d0") != user("till-7")
