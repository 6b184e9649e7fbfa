"""Nobody is asked too often, whoever sends: eight senders at once, over all surveys."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from core.models import Outgoing
from core.outbox import queue
from customers.models import Contact
from surveys.models import Dropped, Guard, Invitation, InvitationState, Via
from surveys.sending import guard, invitations
from tests.conftest import NOW
from tests.surveys.conftest import people, running

SENDERS = 8


def send_at_once(now=NOW):
    def send(_number):
        try:
            return queue.send(clock=lambda: now)
        finally:
            connection.close()

    with ThreadPoolExecutor(SENDERS) as senders:
        return sum(senders.map(send, range(SENDERS)))


@pytest.mark.django_db(transaction=True)
def test_eight_senders_with_eight_surveys_ask_each_contact_once(begun):
    surveys = [running(name=f"Survey {i}") for i in range(SENDERS)]
    contacts = people(30)
    for survey in surveys:
        invitations.invite(survey, contacts, via=Via.EMAIL, now=NOW)
    assert Outgoing.objects.count() == SENDERS * len(contacts)
    assert send_at_once() == len(contacts)
    assert Counter(address for message in mail.outbox for address in message.to) == {row.email: 1 for row in contacts}
    states = Counter(Invitation.objects.values_list("state", "reason"))
    assert states == {("sent", ""): 30, ("dropped", "lately"): 30 * (SENDERS - 1)}
    assert not Outgoing.objects.filter(state="waiting").exists()


@pytest.mark.django_db
class TestOne:
    @pytest.fixture(autouse=True)
    def _asked(self, survey):
        self.survey, self.contact = survey, people(1)[0]

    def ask(self, now=NOW, **more):
        outcome = invitations.invite(running(), [self.contact], via=Via.EMAIL, now=now, **more)[0]
        queue.send(clock=lambda: now)
        return Invitation.objects.get(customer_id=outcome.invitation.customer_id, id=outcome.invitation.id)

    def test_who_was_asked_is_left_in_peace_for_ninety_days(self):
        assert self.ask().state == InvitationState.SENT
        assert self.ask(NOW + timedelta(days=89, hours=23)).reason == Dropped.LATELY
        assert self.ask(NOW + timedelta(days=90)).state == InvitationState.SENT

    def test_the_pause_is_a_setting(self, settings):
        settings.SURVEY_PAUSE_DAYS = 7
        self.ask()
        assert self.ask(NOW + timedelta(days=8)).state == InvitationState.SENT

    def test_who_opted_out_meanwhile_gets_nothing(self):
        outcome = invitations.invite(self.survey, [self.contact], via=Via.EMAIL, now=NOW)[0]
        Contact.objects.update(survey_opt_out=True)
        queue.send(clock=lambda: NOW)
        row = Invitation.objects.get(id=outcome.invitation.id)
        assert (row.state, row.reason) == (InvitationState.DROPPED, Dropped.OPTED_OUT)
        assert not mail.outbox

    def test_a_new_address_may_be_tried_after_one_that_bounced(self):
        guard.note_bounce(self.contact, now=NOW)
        assert self.ask().reason == Dropped.BOUNCED
        Contact.objects.update(email="new@acme.example")
        self.contact.refresh_from_db()
        assert self.ask().state == InvitationState.SENT

    def test_a_closed_survey_asks_nobody_any_more(self):
        from surveys import lifecycle

        outcome = invitations.invite(self.survey, [self.contact], via=Via.EMAIL, now=NOW)[0]
        lifecycle.close(self.survey, now=NOW)
        queue.send(clock=lambda: NOW)
        assert Invitation.objects.get(id=outcome.invitation.id).reason == Dropped.CLOSED
        assert not Guard.objects.exists()

    def test_the_same_occasion_invites_nobody_twice(self):
        for _ in range(2):
            invitations.invite(self.survey, [self.contact], via=Via.EMAIL, now=NOW, occasion="order-17")
        assert Invitation.objects.count() == Outgoing.objects.count() == 1
