"""Messages that could not be stored: found by what they say, tried again by an admin."""

import json

import pytest

from events import ingest
from events.models import DailyCount, Event, Rejected, Source
from tests.admin.browsing import said
from tests.conftest import NOW

LIST = "/admin/events/rejected/"
GOOD_NOW = {"type": "track", "event": "Dance", "userId": "ann", "messageId": "1"}


@pytest.fixture
def nameless(source):
    ingest.record([{"type": "track", "userId": "ann", "messageId": "2"}], source=source, now=NOW)
    return Rejected.objects.get()


@pytest.fixture
def healed(source):
    """A message that was refused for a reason that is gone."""
    body = json.dumps(GOOD_NOW)
    return Rejected.objects.create(source=source, received_at=NOW, reason="Too many names", body=body)


def replay(desk, *rows):
    sent = {"action": "try_again", "_selected_action": [row.pk for row in rows]}
    return said(desk.post(LIST, sent, follow=True))


def test_a_message_is_found_by_its_reason_and_by_its_body(desk, nameless, healed):
    for words, row in (("too many", healed), ("dance", healed), (nameless.reason[:20], nameless)):
        assert list(desk.get(LIST, {"q": words}).context["cl"].result_list) == [row]


def test_messages_are_listed_by_source_and_by_whether_they_were_replayed(desk, nameless, healed):
    other = Source.objects.create(name="App", kind="write_key", created_at=NOW)
    Rejected.objects.filter(pk=nameless.pk).update(source=other, replayed_at=NOW)
    for question, row in (
        ({"source__id__exact": other.pk}, nameless),
        ({"replayed": "yes"}, nameless),
        ({"replayed": "no"}, healed),
    ):
        assert list(desk.get(LIST, question).context["cl"].result_list) == [row]


def test_a_message_is_shown_whole_and_cannot_be_changed(desk, healed):
    page = desk.get(f"{LIST}{healed.pk}/change/")
    assert '"event": "Dance"' in page.content.decode().replace("&quot;", '"')
    assert 'name="_save"' not in page.content.decode()
    assert desk.get(f"{LIST}{healed.pk}/delete/").status_code == 403


def test_what_is_no_json_is_shown_as_it_came_and_does_no_harm(desk, source):
    row = Rejected.objects.create(source=source, received_at=NOW, reason="No JSON", body="<script>alert(1)</script>")
    page = desk.get(f"{LIST}{row.pk}/change/").content.decode()
    assert "&lt;script&gt;alert(1)" in page


def test_replaying_stores_what_can_be_stored_now(desk, healed):
    assert replay(desk, healed) == ["1 message was stored."]
    assert Event.objects.get().event_type.name == "Dance"
    assert DailyCount.objects.get().count == 1
    healed.refresh_from_db()
    assert healed.replayed_at == NOW


def test_what_fails_again_says_why_and_stays(desk, nameless, healed):
    messages = replay(desk, nameless, healed)
    assert messages == ["1 message was stored.", f"Failed again, 1: {nameless.reason}"]
    nameless.refresh_from_db()
    assert nameless.replayed_at is None
    assert Rejected.objects.count() == 2


def test_replaying_twice_stores_once(desk, healed):
    replay(desk, healed)
    assert replay(desk, healed) == ["0 messages were stored."]
    assert Event.objects.count() == 1
