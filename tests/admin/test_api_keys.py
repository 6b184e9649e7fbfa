"""Write keys: shown once, revoked for good."""

import json
import re
from datetime import timedelta

import pytest
import time_machine

from events import write_keys
from events.models import Channel, Source
from staff.models import ApiKey
from tests.admin.browsing import said, seen
from tests.conftest import NOW
from tests.front import ask

LIST = "/admin/staff/apikey/"


def make(desk, name="Website", channel="web", scopes=("events:write",), **more):
    """Make a key as an admin does; return the page that shows it, and the key on it."""
    page = desk.post(f"{LIST}add/", {"name": name, "channel": channel, "scopes": scopes, **more})
    found = re.search(r"rapport_\w{8}_\w{32}", page.content.decode())
    return page, found.group() if found else None


def sent_with(key):
    body = {"type": "track", "event": "Dance", "userId": "ann", "writeKey": key}
    return ask("POST", "/v1/track", json.dumps(body).encode()).status_code


def revoke(desk, *keys, **more):
    return desk.post(LIST, {"action": "revoke", "_selected_action": [key.pk for key in keys], **more}, follow=True)


def test_a_new_key_is_shown_once_and_works(desk):
    page, key = make(desk)
    assert "cannot be shown again" in seen(page)
    assert sent_with(key) == 200
    assert Source.objects.get(name="Website").channel == Channel.WEB


def test_the_key_is_kept_nowhere_but_on_that_page(desk):
    page, key = make(desk)
    assert "no-store" in page["Cache-Control"]
    secret = key.rpartition("_")[2]
    assert secret not in str(dict(desk.session))
    assert secret not in str(desk.cookies)
    for path in (LIST, f"{LIST}{ApiKey.objects.get().pk}/change/", "/admin/", f"{LIST}add/"):
        assert secret not in desk.get(path).content.decode()


def test_the_list_says_what_a_key_begins_with_and_for_whom_it_speaks(desk):
    _page, key = make(desk)
    listed = seen(desk.get(LIST))
    assert f"Website {key.rpartition('_')[0]} events:write Website" in listed


def test_a_second_key_of_a_name_speaks_for_the_same_source(desk):
    make(desk)
    make(desk)
    assert Source.objects.count() == 1
    assert ApiKey.objects.filter(sources__name="Website").count() == 2


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": " "}, "This field is required."),
        ({"name": "x" * 101}, "at most 100 characters"),
        ({"name": "a\0"}, "Null characters are not allowed."),
        ({"channel": "pigeon"}, "Select a valid choice."),
        ({"scopes": []}, "This field is required."),
        ({"scopes": ["everything"]}, "Select a valid choice."),
        ({"scopes": ["events:write", "customers:read"]}, "make another one for the rest"),
        ({"expires": "2026-06-15"}, "Choose a day to come."),
        ({"colleague": "0"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_beside_the_form(desk, fields, error):
    page, key = make(desk, **fields)
    assert error in seen(page)
    assert key is None and not ApiKey.objects.exists()


def test_revoking_asks_first(desk):
    make(desk)
    key = ApiKey.objects.get()
    page = revoke(desk, key)
    assert "This cannot be undone." in seen(page)
    assert str(key) in seen(page)
    key.refresh_from_db()
    assert key.revoked_at is None


def test_a_revoked_key_is_refused_from_then_on(desk):
    _page, secret = make(desk)
    key = ApiKey.objects.get()
    assert said(revoke(desk, key, sure="yes")) == [f"Revoked 1 key: {key}."]
    assert sent_with(secret) == 401
    key.refresh_from_db()
    assert key.revoked_at == NOW


def test_a_key_revoked_before_keeps_its_day(desk, begun):
    make(desk)
    make(desk, name="App", channel="mobile")
    old, new = ApiKey.objects.order_by("pk")
    earlier = NOW.replace(year=2025)
    ApiKey.objects.filter(pk=old.pk).update(revoked_at=earlier)
    revoke(desk, old, new, sure="yes")
    old.refresh_from_db()
    assert old.revoked_at == earlier


def test_a_key_is_neither_edited_nor_deleted(desk):
    write_keys.create("Website", [ApiKey.EVENTS_WRITE], channel=Channel.WEB, now=NOW)
    key = ApiKey.objects.get()
    assert 'name="_save"' not in desk.get(f"{LIST}{key.pk}/change/").content.decode()
    assert desk.post(f"{LIST}{key.pk}/change/", {"name": "Other"}).status_code == 403
    assert desk.get(f"{LIST}{key.pk}/delete/").status_code == 403


def test_making_and_revoking_are_written_down(desk):
    make(desk)
    key = ApiKey.objects.get()
    revoke(desk, key, sure="yes")
    history = seen(desk.get(f"{LIST}{key.pk}/history/"))
    assert "Added." in history
    assert "Revoked." in history


def rotate(desk, key, days=7):
    page = desk.post(f"{LIST}{key.pk}/rotate/", {"days": days})
    found = re.search(r"rapport_\w{8}_\w{32}", page.content.decode())
    return page, found.group() if found else None


def asks_api(desk, key):
    return desk.get("/api/v1/customers/", headers={"Authorization": f"Bearer {key}"}).status_code


def test_a_secret_key_has_scopes_a_colleague_and_an_end(desk, ada):
    more = {"scopes": ["customers:read"], "colleague": ada.pk, "expires": "2026-07-01"}
    _page, key = make(desk, name="CRM", **more)
    row = ApiKey.objects.get()
    assert (row.scopes, row.colleague, row.expires_at) == (["customers:read"], ada, NOW.replace(month=7, day=1, hour=0))
    assert asks_api(desk, key) == 200
    assert not Source.objects.filter(name="CRM").exists()


def test_a_rotated_key_works_beside_its_successor_until_its_end(desk):
    _page, old = make(desk)
    row = ApiKey.objects.get()
    assert "Rotate" in seen(desk.get(f"{LIST}{row.pk}/change/"))
    _page, new = rotate(desk, row, days=3)
    assert new and new != old
    assert (sent_with(old), sent_with(new)) == (200, 200)
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        assert (sent_with(old), sent_with(new)) == (401, 200)
    successor = ApiKey.objects.get(pk=ApiKey.objects.get(pk=row.pk).replaced_by_id)
    assert [source.name for source in successor.sources.all()] == ["Website"]
    assert (successor.name, successor.scopes) == (row.name, row.scopes)


def test_there_are_two_live_keys_at_most(desk):
    make(desk)
    row = ApiKey.objects.get()
    rotate(desk, row)
    assert "has a successor already" in seen(rotate(desk, row)[0])
    second = ApiKey.objects.latest("pk")
    assert "Revoke it first" in seen(rotate(desk, second)[0])
    revoke(desk, row, sure="yes")
    assert rotate(desk, second)[1]
    assert "This key has ended." in seen(rotate(desk, row)[0])


def test_with_no_overlap_the_old_key_ends_at_once(desk):
    _page, old = make(desk)
    _page, new = rotate(desk, ApiKey.objects.get(), days=0)
    assert (sent_with(old), sent_with(new)) == (401, 200)


def test_a_key_that_ends_is_followed_by_one_that_lives_as_long(desk):
    make(desk, scopes=["customers:read"], expires="2026-07-15")
    rotate(desk, ApiKey.objects.get())
    old, new = ApiKey.objects.order_by("pk")
    assert old.expires_at == NOW + timedelta(days=7)
    assert new.expires_at == NOW.replace(month=7, day=15, hour=0)


@pytest.mark.parametrize("days", ["", "-1", "91", "x"])
def test_the_overlap_is_a_number_of_days(desk, days):
    make(desk)
    assert rotate(desk, ApiKey.objects.get(), days)[1] is None
    assert ApiKey.objects.count() == 1


def test_rotating_is_written_down(desk):
    make(desk)
    rotate(desk, row := ApiKey.objects.get())
    assert "takes over" in seen(desk.get(f"{LIST}{row.pk}/history/"))
