"""The outbox: at least once, again after a pause, given up in the end, replayed by hand; one bad row stops nobody."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from core.models import Delivery, Outgoing
from core.outbox import queue
from core.outbox.mail import MailTransport, message_id
from core.outbox.transport import Drop, Refused
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
HERE = "tests.core.test_outbox"


class Letters:
    """A composer that notes what it is told."""

    transport = MailTransport
    told: list = []

    def compose(self, payload, *, now):
        if payload.get("drop"):
            raise Drop("Nobody wants it.")
        if payload.get("break"):
            raise RuntimeError("no such word")
        return EmailMessage("Hello", "World", "us@rapport.example", [payload["to"]])

    def sent(self, payload, *, now):
        self.told.append(("sent", payload["to"]))

    def given_up(self, payload, *, now, is_refused):
        self.told.append(("given up", payload.get("to"), is_refused))


@pytest.fixture(autouse=True)
def _letters(settings):
    settings.OUTBOX = {"letter": f"{HERE}.Letters"}
    Letters.told = []


def put(key="1", **payload):
    queue.put("letter", key, {"to": "kim@acme.example", **payload}, now=NOW)
    return Outgoing.objects.get(dedupe_key=key)


def send(now=NOW, **more):
    return queue.send(clock=lambda: now, **more)


def failing(monkeypatch, error):
    def refuse(self, fail_silently=False):
        raise error

    monkeypatch.setattr(EmailMessage, "send", refuse)


def test_what_is_due_is_sent_noted_and_its_payload_forgotten():
    row = put()
    assert send() == 1
    row.refresh_from_db()
    assert (row.state, row.payload, row.tries, row.finished_at) == ("sent", {}, 1, NOW)
    assert Delivery.objects.get().is_sent
    assert Letters.told == [("sent", "kim@acme.example")]
    assert mail.outbox[0].extra_headers["Message-ID"] == message_id(row.uid)
    assert send() == 0


def test_the_same_key_is_written_once():
    put()
    queue.put("letter", "1", {"to": "other@acme.example"}, now=NOW)
    assert Outgoing.objects.get().payload["to"] == "kim@acme.example"


def test_a_failure_is_tried_again_after_a_pause_that_grows_under_the_same_message_id(monkeypatch):
    row = put()
    with monkeypatch.context() as patch:
        failing(patch, OSError("connection refused"))
        now = NOW
        for pause in queue.PAUSES:
            send(now)
            row.refresh_from_db()
            assert (row.state, row.due_at, row.leased_until) == ("waiting", now + pause, None)
            assert send(now + pause - timedelta(seconds=1)) == 0
            now += pause
    assert send(now) == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == message_id(row.uid)
    assert list(Delivery.objects.order_by("pk").values_list("is_sent", flat=True)) == [False] * len(queue.PAUSES) + [
        True
    ]


def test_after_the_last_try_it_is_given_up_and_can_be_replayed(monkeypatch):
    row = put()
    with monkeypatch.context() as patch:
        failing(patch, OSError("connection refused"))
        now = NOW
        for pause in [*queue.PAUSES, timedelta(0)]:
            send(now)
            now += pause
    row.refresh_from_db()
    assert (row.state, row.said) == ("dead", "OSError: connection refused")
    assert row.payload == {"to": "kim@acme.example"}
    assert Letters.told == [("given up", "kim@acme.example", False)]
    assert send(now + timedelta(days=9)) == 0
    assert queue.replay(Outgoing.objects.all(), now=now) == 1
    assert send(now) == 1


def test_an_address_the_server_refuses_for_good_is_given_up_at_once(monkeypatch):
    row = put()
    failing(monkeypatch, SMTPRecipientsRefused({"kim@acme.example": (550, b"no such user")}))
    send()
    row.refresh_from_db()
    assert (row.state, row.said) == ("dead", "550 no such user")
    assert Letters.told == [("given up", "kim@acme.example", True)]


def test_an_address_that_is_refused_for_now_is_tried_again(monkeypatch):
    row = put()
    failing(monkeypatch, SMTPRecipientsRefused({"kim@acme.example": (451, b"come back later")}))
    send()
    row.refresh_from_db()
    assert row.state == "waiting"


def test_what_is_dropped_says_why_and_is_not_tried_again():
    row = put(drop=True)
    assert send() == 0
    row.refresh_from_db()
    assert (row.state, row.said, row.payload) == ("dropped", "Nobody wants it.", {})


def test_a_row_that_cannot_be_composed_stops_nobody():
    bad, good = put("1", **{"break": True}), put("2")
    assert send() == 1
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.said, good.state) == ("waiting", "RuntimeError: no such word", "sent")


def test_a_kind_that_nobody_composes_any_more_stops_nobody_and_is_given_up():
    queue.put("pigeon", "1", {}, now=NOW)
    put("2")
    assert send() == 1
    now = NOW
    for pause in [*queue.PAUSES, timedelta(0)]:
        send(now)
        now += pause
    assert Outgoing.objects.get(kind="pigeon").state == "dead"


def test_a_sender_that_stops_gives_back_what_it_has_not_begun():
    for i in range(5):
        put(str(i))
    answers = iter([True, True, True, False])
    assert send(go_on=lambda: next(answers, False)) == 2
    assert not Outgoing.objects.filter(state="waiting").exclude(leased_until=None).exists()
    assert send() == 3


def test_what_another_holds_is_left_alone_until_its_lease_runs_out():
    row = put()
    queue._claim(NOW)
    assert send(NOW + queue.LEASE - timedelta(seconds=1)) == 0
    assert send(NOW + queue.LEASE + timedelta(seconds=1)) == 1
    row.refresh_from_db()
    assert row.lease == 2


def test_who_lost_the_lease_notes_nothing_over_the_other():
    put()
    late = queue._claim(NOW)
    send(NOW + queue.LEASE + timedelta(seconds=1))
    with queue._Transports() as transports:
        assert not queue._send(late[0], transports, lambda: NOW, queue.Failures())
    assert len(mail.outbox) == 1


def test_what_was_sent_long_ago_is_forgotten_and_what_was_given_up_is_not():
    put("sent")
    send()
    Outgoing.objects.create(kind="letter", dedupe_key="dead", state="dead", due_at=NOW, created_at=NOW, finished_at=NOW)
    assert queue.forget(now=NOW + queue.KEPT + timedelta(days=1)) > 0
    assert list(Outgoing.objects.values_list("dedupe_key", flat=True)) == ["dead"]


class Chat:
    """A transport that is no mail: it carries texts, and fails as it is told."""

    log: list = []

    def send(self, message, *, uid):
        if message == "no":
            raise Refused("404 no such room", is_final=True)
        if message == "later":
            raise OSError("the room is down")
        self.log.append((message, uid))
        return f"chat-{len(self.log)}"

    def close(self):
        self.log.append("closed")


class Notices(Letters):
    transport = Chat

    def compose(self, payload, *, now):
        return payload["text"]


def test_a_message_leaves_by_the_transport_of_its_kind_with_its_id_beside_mail(settings):
    settings.OUTBOX = settings.OUTBOX | {"notice": f"{HERE}.Notices"}
    Chat.log = []
    letter = put()
    queue.put("notice", "2", {"text": "hello", "to": "#room"}, now=NOW)
    queue.put("notice", "3", {"text": "again", "to": "#room"}, now=NOW)
    assert send() == 3
    said = Outgoing.objects.filter(kind="notice").order_by("pk")
    assert Chat.log == [("hello", said[0].uid), ("again", said[1].uid), "closed"]
    assert [row.provider_id for row in said] == ["chat-1", "chat-2"]
    assert [one.extra_headers["Message-ID"] for one in mail.outbox] == [message_id(letter.uid)]


def test_a_transport_that_refuses_for_good_gives_up_and_one_that_fails_tries_again(settings):
    settings.OUTBOX = {"notice": f"{HERE}.Notices"}
    Chat.log = []
    queue.put("notice", "1", {"text": "no", "to": "#gone"}, now=NOW)
    queue.put("notice", "2", {"text": "later", "to": "#down"}, now=NOW)
    assert send() == 0
    refused, waits = Outgoing.objects.order_by("pk")
    assert (refused.state, refused.said) == (Outgoing.State.DEAD, "404 no such room")
    assert (waits.state, waits.due_at) == (Outgoing.State.WAITING, NOW + queue.PAUSES[0])
    assert Letters.told == [("given up", "#gone", True)]
    assert Chat.log[0] == "closed"  # what failed is opened anew for the next message


def test_a_transport_that_is_down_is_left_after_three_tries_and_holds_up_no_other(settings):
    settings.OUTBOX = settings.OUTBOX | {"notice": f"{HERE}.Notices"}
    Chat.log = []
    for n in range(2 * queue.AT_ONCE):
        queue.put("notice", f"chat {n}", {"text": "later", "to": "#down"}, now=NOW)
    put("letter")
    assert send() == 1
    tried = Outgoing.objects.filter(kind="notice", tries=1)
    waiting = Outgoing.objects.filter(kind="notice", tries=0, due_at=NOW, leased_until=None)
    assert (tried.count(), waiting.count()) == (queue.MOST_FAILURES, 2 * queue.AT_ONCE - queue.MOST_FAILURES)


def test_failures_with_successes_between_are_no_transport_that_is_down(settings):
    settings.OUTBOX = {"notice": f"{HERE}.Notices"}
    Chat.log = []
    for n in range(12):
        queue.put("notice", f"chat {n}", {"text": "hello" if n % 3 == 2 else "later", "to": "#room"}, now=NOW)
    assert send() == 4
    assert Outgoing.objects.filter(state=Outgoing.State.WAITING, tries=1).count() == 8
