"""To a mail server that really receives, from senders that are processes of their own, stopped and killed mid-send."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections import Counter
from email import message_from_bytes
from urllib.parse import urlsplit, urlunsplit

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection

from core.models import Delivery, Outgoing
from core.outbox import queue
from surveys.models import Invitation, InvitationState, Via
from surveys.sending import invitations
from tests.conftest import NOW
from tests.surveys.conftest import people, running

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 100  # seconds, for what takes one or two
COUNT = 60


class Received:
    """What arrived, in order. At each number in `signals` the sender is sent one, before it hears that we have it."""

    def __init__(self):
        self.mails, self.signals, self.sender, self.sessions = [], {}, None, []

    async def handle_DATA(self, server, session, envelope):
        if session not in self.sessions:
            self.sessions.append(session)
        self.mails.append((envelope.rcpt_tos[0], message_from_bytes(envelope.content)))
        if what := self.signals.get(len(self.mails)):
            self.sender.send_signal(what)
        return "250 OK"

    def addresses(self):
        return Counter(address for address, _mail in self.mails)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def server():
    received = Received()
    received.port = free_port()
    controller = Controller(received, hostname="127.0.0.1", port=received.port)
    controller.start()
    yield received
    controller.stop()


@pytest.fixture
def contacts(begun):
    contacts = people(COUNT)
    invitations.invite(running(), contacts, via=Via.EMAIL, now=NOW)
    return contacts


def send(server):
    """Run one sender until it ends; return how it ended."""
    database = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}"))
    server.sender = subprocess.Popen(
        [sys.executable, "manage.py", "send_outgoing"],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
        },
        stdout=subprocess.DEVNULL,
    )
    try:
        return server.sender.wait(PATIENCE)
    finally:
        server.sender.kill()


def leases_run_out():
    Outgoing.objects.filter(state="waiting").exclude(leased_until=None).update(leased_until=NOW)


def test_stopped_and_started_again_each_invitation_arrives_exactly_once(server, contacts):
    server.signals = {7: signal.SIGTERM, 25: signal.SIGTERM}
    endings = [send(server) for _ in range(3)]
    assert endings == [0, 0, 0]
    assert server.addresses() == {contact.email: 1 for contact in contacts}
    assert set(Invitation.objects.values_list("state", flat=True)) == {InvitationState.SENT}


def test_killed_each_invitation_arrives_and_one_a_kill_twice_under_its_message_id(server, contacts):
    server.signals = {7: signal.SIGKILL, 25: signal.SIGKILL, 50: signal.SIGKILL}
    for _ in server.signals:
        assert send(server) == -signal.SIGKILL
        leases_run_out()
    assert send(server) == 0
    received = server.addresses()
    assert set(received) == {contact.email for contact in contacts}
    assert sum(received.values()) <= COUNT + len(server.signals)
    ids = {(address, mail["Message-ID"]) for address, mail in server.mails}
    assert len(ids) == COUNT, "what arrives twice has the same Message-ID"
    links = {(address, *set(re.findall(r"/s/[\w-]{20,}/", str(mail)))) for address, mail in server.mails}
    assert len(links) == COUNT, "and the same link"
    assert Delivery.objects.filter(is_sent=True).count() == COUNT


def test_one_connection_carries_a_handful_of_mails(server, contacts):
    send(server)
    assert len(server.mails) == COUNT
    assert len(server.sessions) == COUNT / queue.AT_ONCE


def test_the_mail_says_how_to_stop_it_and_that_no_machine_need_answer(server, contacts):
    send(server)
    _address, mail = server.mails[0]
    assert re.fullmatch(r"<http://localhost:\d+/s/[\w-]{27}/unsubscribe/>", mail["List-Unsubscribe"].strip())
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in mail.get_payload()] == ["text/plain", "text/html"]
