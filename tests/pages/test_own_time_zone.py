"""Instants are shown and entered in each colleague's zone; days are the company's for everybody."""

import re
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from customers import lifecycle
from customers.models import Customer
from records.models import Note
from staff.models import Role, User
from tests.conftest import NOW
from tests.imports import steps
from tests.imports.files import csv_file
from tests.pages import cast

KOLKATA = "Asia/Kolkata"  # 17:30 at NOW
LATE = datetime(2026, 6, 14, 20, tzinfo=UTC)  # there it is the 15th, 1:30


@pytest.fixture
def indira(begun):
    return cast.colleague("Indira", Role.CSM, time_zone=KOLKATA)


def sign_in(client, colleague, **sent):
    colleague.set_password("correct horse battery")
    colleague.save()
    sent |= {"username": colleague.email, "password": "correct horse battery"}
    assert client.post("/sign-in/", sent).status_code == 302
    return User.objects.get(pk=colleague.pk).time_zone


@pytest.mark.parametrize("name", ["", "Moon/Crater", "\0", "x" * 500, "localtime"])
def test_a_browser_without_a_zone_signs_in_all_the_same(client, begun, name):
    assert sign_in(client, cast.colleague("Maya"), time_zone=name) == ""


def test_the_browsers_zone_is_kept_at_the_first_sign_in_and_never_overwritten(client, begun):
    maya = cast.colleague("Maya")
    assert sign_in(client, maya, time_zone="Europe/Paris") == "Europe/Paris"
    maya.refresh_from_db()
    assert sign_in(client, maya, time_zone=KOLKATA) == "Europe/Paris"


def test_the_timeline_says_the_readers_time_and_names_another_day(client, indira):
    acme = cast.customer("Acme", owner=indira)
    cast.happened(acme, "Meeting held", LATE)
    cast.happened(acme, "Signed in", NOW)
    client.force_login(indira)
    page = client.get(f"/customers/{acme.pk}/timeline/").content.decode()
    timeline = page[page.index("timeline-title") :]
    assert re.findall("<time[^>]*>(.+?)</time>", timeline) == ["17:30", '01:30<span class="under">15 Jun</span>']
    assert re.findall('<h3 class="day">(.+?)</h3>', page) == ["Monday, 15 June 2026", "Sunday, 14 June 2026"]
    assert "Time zone: Asia/Kolkata" in timeline
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_note_is_entered_in_the_writers_zone(client, indira):
    acme = Customer.objects.get(pk=lifecycle.upsert([{"company_id": "acme", "name": "Acme"}], now=NOW)["acme"])
    client.force_login(indira)
    assert 'value="2026-06-15T17:30"' in client.get(f"/customers/{acme.pk}/notes/new/").content.decode()
    sent = {"kind": "call", "text": "Hello", "at": "2026-06-15T01:30"}
    client.post(f"/customers/{acme.pk}/notes/new/", sent)
    assert Note.objects.get().at == LATE


def test_a_file_is_read_in_the_companys_zone_whoever_uploads_it(client, begun):
    ada = cast.colleague("Ada", Role.ADMIN, time_zone=KOLKATA)
    client.force_login(ada)
    job = steps.upload("events", csv_file("Company id,Event,At", "a,Signed in,2026-06-01 10:00"), ada)
    assert "Times without a zone are in UTC." in client.get(f"/imports/{job.pk}/columns/").content.decode()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ADMIN])
def test_everybody_chooses_their_own(client, begun, role):
    somebody, other = cast.colleague("Somebody", role), cast.colleague("Other")
    client.force_login(somebody)
    assert "The company’s: UTC" in client.get("/time-zone/").content.decode()
    answer = client.post("/time-zone/", {"time_zone": "Pacific/Auckland"}, follow=True)
    assert "Your time zone is saved." in answer.content.decode()
    assert [User.objects.get(pk=one.pk).time_zone for one in (somebody, other)] == ["Pacific/Auckland", ""]
    client.post("/time-zone/", {"time_zone": ""})
    assert User.objects.get(pk=somebody.pk).time_zone == ""


@pytest.mark.parametrize("wrong", ["Moon/Crater", "UTC\0", "../etc/passwd"])
def test_a_zone_that_is_none_is_refused(client, begun, wrong):
    client.force_login(cast.colleague("Maya"))
    answer = client.post("/time-zone/", {"time_zone": wrong})
    assert answer.status_code == 400 and "field-error" in answer.content.decode()


@pytest.mark.parametrize("name", ["UTC", "Etc/GMT+5", "EST", "Europe/Paris"])
def test_saving_what_the_page_shows_changes_nothing(client, begun, name):
    maya = cast.colleague("Maya", time_zone=name)
    client.force_login(maya)
    shown = client.get("/time-zone/")
    assert f'<option value="{name}" selected>' in shown.content.decode()
    assert client.post("/time-zone/", {"time_zone": shown.context["form"]["time_zone"].value()}).status_code == 302
    assert User.objects.get(pk=maya.pk).time_zone == name


def test_a_zone_that_was_taken_out_of_the_zone_database_is_the_companys(client, begun):
    client.force_login(cast.colleague("Maya", time_zone="Europe/Atlantis"))
    assert client.get("/time-zone/").status_code == 200
