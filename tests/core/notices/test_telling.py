"""A colleague is told once of each act, of what they may see, and of nothing that they have not read yet again."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core import notices
from core.models import Notice, NoticeSubject
from core.notices import Subject, reading
from staff.models import Role
from tests.conftest import NOW
from tests.core.notices.conftest import ids, texts
from tests.pages import cast

pytestmark = pytest.mark.django_db


def test_one_thing_is_named_and_who_did_it(maya, lena, tell):
    tell(7, by=lena)
    tell(8, key="2")
    assert texts(maya) == ["Nobody sent number 8", "Lena sent number 7"]
    assert texts(lena) == []


def test_many_things_of_one_act_are_one_notice(maya, lena, tell):
    tell(*range(59), by=lena)
    assert texts(maya) == ["Lena sent 59 numbers"]


def test_an_act_told_twice_is_told_once(maya, tell):
    tell(7)
    notices.mark_read(maya, ids(maya), now=NOW)
    tell(7)
    assert texts(maya) == ["Nobody sent number 7"]
    assert reading.unread(maya) == 0


def test_an_act_told_in_parts_is_one_notice_unread_again_with_each_part(maya, tell):
    tell(1, 2)
    notices.mark_read(maya, ids(maya), now=NOW)
    tell(2, 3)
    assert texts(maya) == ["Nobody sent 3 numbers"]
    assert reading.unread(maya) == 1


def test_what_is_unread_is_not_told_again_and_what_was_read_is(maya, tell):
    tell(7)
    tell(7, key="2")
    assert len(ids(maya)) == 1, "no second notice, not even an empty one"
    notices.mark_read(maya, ids(maya), now=NOW)
    tell(7, key="3")
    assert len(ids(maya)) == 2


def test_a_new_act_names_only_what_is_not_told_yet(maya, lena, tell):
    tell(*range(59), by=lena)
    tell(*range(60), by=lena, key="2")
    assert texts(maya) == ["Lena sent number 59", "Lena sent 59 numbers"]


def test_the_same_thing_is_told_in_two_kinds(maya, tell):
    tell(7)
    tell(7, key="2", kind="others")
    assert len(texts(maya)) == 2


def test_nobody_is_told_of_their_own_act(maya, tell):
    tell(7, by=maya)
    assert ids(maya) == []


def test_who_may_not_sign_in_is_not_told(begun, tell):
    left = cast.colleague("Left", Role.CSM, is_active=False)
    tell(7, person=left)
    assert ids(left) == []


def test_nothing_is_told_when_the_act_is_rolled_back(maya, tell):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(7)
        raise ZeroDivisionError
    assert ids(maya) == []


def test_a_muted_kind_is_not_written_and_what_was_unread_of_it_is_read(maya, tell):
    tell(1)
    tell(2, key="2", kind="others")
    notices.mute(maya, {"numbers"}, now=NOW)
    tell(3, key="3")
    assert reading.unread(maya) == 1
    notices.mute(maya, set(), now=NOW)
    assert len(ids(maya)) == 2, "what was not told is not kept for later"
    tell(4, key="4")
    assert reading.unread(maya) == 2


def test_thousands_of_things_and_many_people_take_as_many_queries_as_one(maya, lena):
    people = [maya, *(cast.colleague(f"Colleague {n}") for n in range(9))]
    few = {maya.pk: [Subject(1)]}
    many = {person.pk: [Subject(n, "x") for n in range(3_000)] for person in people}
    counts = []
    for key, told in (("1", few), ("2", many)):
        with CaptureQueriesContext(connection) as asked:
            notices.tell("numbers", told, key=key, by=lena.pk, now=NOW)
        counts.append(len(asked))
    # Who listens, the notices, those without a thing, those that were read; a savepoint around them.
    assert counts == [6, 6]
    assert NoticeSubject.objects.count() == 30_001


def test_telling_nobody_asks_nothing(begun, django_assert_num_queries):
    with django_assert_num_queries(0):
        notices.tell("numbers", {7: []}, key="1", by=None, now=NOW)


def test_who_left_is_not_named(maya, lena, tell):
    tell(7, by=lena)
    lena.delete()
    assert texts(maya) == ["Nobody sent number 7"]


def test_a_colleague_who_is_deleted_takes_their_notices_along(maya, tell):
    tell(7)
    maya.delete()
    assert not Notice.objects.exists()
    assert not NoticeSubject.objects.exists()


def test_read_notices_are_dropped_after_ninety_days_and_unread_ones_after_a_year(maya, tell):
    tell(1, key="read")
    notices.mark_read(maya, ids(maya), now=NOW)
    tell(2, key="unread")
    assert reading.forget(now=NOW + timedelta(days=90)) == 0
    assert reading.forget(now=NOW + timedelta(days=91)) == 2  # with what it was about
    assert texts(maya) == ["Nobody sent number 2"]
    reading.forget(now=NOW + timedelta(days=366))
    assert ids(maya) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_acts_at_once_one_tells(maya, tell):
    """The second waits for the first, and finds that it is told."""
    with transaction.atomic():
        tell(7, 8, key="first")
        second = threading.Thread(target=_tell_elsewhere, args=(maya.pk,))
        second.start()
        second.join(timeout=0.3)
        assert second.is_alive(), "it waits"
    second.join(timeout=10)
    assert sorted(texts(maya)) == ["Nobody sent 2 numbers", "Nobody sent number 9"]


def _tell_elsewhere(person):
    try:
        notices.tell("numbers", {person: [Subject(8), Subject(9)]}, key="second", by=None, now=NOW)
    finally:
        connection.close()
