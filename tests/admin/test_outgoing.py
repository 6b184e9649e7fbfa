"""What leaves the house: found by what became of it, sent again by an admin, its links out of sight."""

import pytest

from core.models import Delivery, Outgoing
from core.outbox import queue
from tests.admin.browsing import said, seen
from tests.conftest import NOW

LIST = "/admin/core/outgoing/"


@pytest.fixture
def dead(begun):
    row = Outgoing.objects.create(
        kind="survey", dedupe_key="survey:1", payload={"token": "secret-token"}, state="dead", due_at=NOW,
        created_at=NOW, finished_at=NOW, tries=7, said="OSError: connection refused",
    )  # fmt: skip
    Delivery.objects.create(outgoing=row, at=NOW, is_sent=False, said="OSError: connection refused")
    return row


def test_what_was_given_up_is_found_with_its_tries_and_without_its_link(desk, dead):
    queue.put("survey", "survey:2", {}, now=NOW)
    assert list(desk.get(LIST, {"state__exact": "dead"}).context["cl"].result_list) == [dead]
    page = desk.get(f"{LIST}{dead.pk}/change/")
    assert "connection refused" in seen(page)
    assert "secret-token" not in page.content.decode()


def test_what_was_given_up_is_sent_again_by_hand(desk, dead):
    sent = {"action": "send_again", "_selected_action": [dead.pk]}
    assert "1 message waits again." in said(desk.post(LIST, sent, follow=True))
    dead.refresh_from_db()
    assert (dead.state, dead.tries, dead.payload) == ("waiting", 0, {"token": "secret-token"})


def test_messages_are_not_made_or_changed_here(desk, dead):
    assert desk.get(f"{LIST}add/").status_code == 403
    assert desk.post(f"{LIST}{dead.pk}/change/", {"state": "sent"}).status_code == 403
