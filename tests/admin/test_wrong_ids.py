"""The list of wrong ids: extended by admins, who are told what that changes and what is built in."""

import pytest
from django.db import IntegrityError

from customers.models import WrongId
from tests.admin.browsing import seen
from tests.conftest import NOW

LIST = "/admin/customers/wrongid/"


def test_an_id_is_added_as_it_is_compared_with_who_added_it_and_when(desk, ada):
    desk.post(f"{LIST}add/", {"value": ' "Kiosk-1\u200b" ', "note": "The tills of Lyon"})
    row = WrongId.objects.get()
    assert (row.value, row.note, row.by, row.added_at) == ("kiosk-1", "The tills of Lyon", ada, NOW)
    assert "kiosk-1 The tills of Lyon Ada" in seen(desk.get(LIST))


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("NULL", "This id is built in: it is refused already."),
        ("'0'", "This id is built in: it is refused already."),
        ("{{ some.thing }}", "This id is built in: it is refused already."),
        ("\u200b", "This field is required."),
        ("'Kiosk'", "This id is on the list already."),
    ],
)
def test_what_is_on_the_list_already_is_refused(desk, value, error):
    WrongId.objects.create(value="kiosk", added_at=NOW)
    assert error in seen(desk.post(f"{LIST}add/", {"value": value, "note": ""}))
    assert WrongId.objects.count() == 1


def test_the_page_says_what_is_built_in_and_what_stays_as_it_is(desk):
    page = seen(desk.get(f"{LIST}add/"))
    assert "Contacts and customers who are known by it stay as they are" in page
    assert "not to be taken off: null, nil, none, undefined" in page
    assert "%!s(&lt;nil&gt;)" in page


def test_the_note_can_be_changed_and_the_id_not(desk):
    row = WrongId.objects.create(value="kiosk", added_at=NOW)
    desk.post(f"{LIST}{row.pk}/change/", {"value": "other", "note": "Why"})
    row.refresh_from_db()
    assert (row.value, row.note, row.by) == ("kiosk", "Why", None)


def test_one_is_taken_off_again(desk):
    row = WrongId.objects.create(value="kiosk", added_at=NOW)
    desk.post(f"{LIST}{row.pk}/delete/", {"post": "yes"})
    assert not WrongId.objects.exists()


def test_the_database_keeps_none_that_is_empty(db):
    with pytest.raises(IntegrityError):
        WrongId.objects.create(value="", added_at=NOW)
