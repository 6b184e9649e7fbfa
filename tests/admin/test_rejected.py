"""Messages that could not be stored: found by what they say, tried again by an admin."""

import re
from datetime import date, timedelta

import pytest

from events import ingest, rejected
from events.models import DailyCount, Event, Rejected, RejectedDropped, Source
from events.rejected import Refused
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
    return kept(source, GOOD_NOW, "Too many names")


def kept(source, raw, reason):
    rejected.keep([Refused(source.pk, raw, reason)], now=NOW)
    return Rejected.objects.get(reason=reason)


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
    row = kept(source, b"<script>alert(1)</script>", "No JSON")
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


def test_the_list_shows_first_and_last_receipt_and_how_often_it_came(desk, source, healed):
    rejected.keep([Refused(source.pk, GOOD_NOW, "Too many names")] * 2, now=NOW + timedelta(days=1))
    page = desk.get(LIST)
    assert Rejected.objects.get().count == 3
    cells = re.findall(r'<t[hd] class="field-.*?</t[hd]>', page.content.decode())
    shown = [re.sub("<.*?>", "", cell) for cell in cells]
    assert shown == ["15 Jun 2026, 12:00", "16 Jun 2026, 12:00", "3", str(source), "Too many names", "-"]


def test_one_that_was_cut_says_so_and_why_it_cannot_be_replayed(desk, source):
    row = kept(source, {**GOOD_NOW, "properties": {"text": "x" * 65_536}}, "Too large")
    assert "Cut after 64 KiB" in desk.get(f"{LIST}{row.pk}/change/").content.decode()
    _, again = replay(desk, row)
    assert again.startswith("Failed again, 1: It is longer than 64 KiB and was cut")
    assert not Event.objects.exists()


def test_the_list_says_how_long_they_are_kept_and_how_many_were_dropped(desk, source, settings):
    settings.REJECTED_DAYS = 30
    assert "Kept for 30 days" in desk.get(LIST).content.decode()
    assert "dropped" not in desk.get(LIST).content.decode()
    RejectedDropped.objects.create(source=source, day=date(2026, 6, 1), count=1)
    assert "1 message was dropped" in desk.get(LIST).content.decode()
    RejectedDropped.objects.create(source=source, day=date(2026, 6, 2), count=4)
    page = " ".join(desk.get(LIST).content.decode().split())
    assert "5 messages were dropped after that without having been stored, the last on 2 Jun 2026." in page
