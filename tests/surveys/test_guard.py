"""Nobody is asked too often, whoever sends: eight senders at once, over all surveys."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction

from core.models import Outgoing
from core.outbox import queue
from customers.consent import addresses, refusals
from customers.models import AddressConsent, Contact, Origin
from surveys.models import AddressGuard, Dropped, Invitation, InvitationState, Via
from surveys.sending import guard, invitations
from tests.conftest import NOW
from tests.surveys.conftest import company, people, running

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


def spelt(email, nth):
    """Return one of the spellings under which sources know an address."""
    return (email, email.upper(), f" {email.title()}", f"{email[:3]}\u200b{email[3:]}")[nth % 4]


@pytest.mark.django_db(transaction=True)
def test_eight_senders_ask_an_address_once_whatever_contacts_and_customers_it_stands_at(begun):
    surveys = [running(name=f"Survey {i}") for i in range(2)]
    everybody = [people(10, customer=company(f"Customer {i}"), start=100 * i) for i in range(4)]
    for nth, of_one in enumerate(everybody):
        for i, contact in enumerate(of_one):
            contact.email = spelt(f"kim{i}@shared.example", nth)
            contact.save()
    for survey in surveys:
        for of_one in everybody:
            invitations.invite(survey, of_one, via=Via.EMAIL, now=NOW)
    assert Outgoing.objects.count() == 2 * 4 * 10
    assert send_at_once() == 10
    went = Counter(addresses.folded(address) for message in mail.outbox for address in message.to)
    assert went == {f"kim{i}@shared.example": 1 for i in range(10)}
    states = Counter(Invitation.objects.values_list("state", "reason"))
    assert states == {("sent", ""): 10, ("dropped", "lately"): 70}
    later = NOW + timedelta(days=90)
    for of_one in everybody:
        invitations.invite(surveys[0], of_one, via=Via.EMAIL, now=later)
    assert send_at_once(later - timedelta(seconds=1)) == 0, "they are not due yet"
    assert send_at_once(later) == 10


def until_somebody_waits():
    """Wait until another connection waits for a row: that is what is awaited, not a length of time."""
    ends = time.monotonic() + 60
    with connection.cursor() as cursor:
        while time.monotonic() < ends:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits")


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_the_address_sees_what_was_sent_and_refused_meanwhile(begun):
    surveys = [running(name=f"Survey {i}") for i in range(2)]
    [kim], [same] = people(1), people(1, customer=company("Another"), start=7)
    same.email = kim.email.upper()
    same.save()
    AddressGuard.objects.create(address=kim.address, asked_at=NOW - timedelta(days=91))
    first, second = (
        invitations.invite(survey, [contact], via=Via.EMAIL, now=NOW)[0].invitation
        for survey, contact in zip(surveys, (kim, same), strict=True)
    )

    def admitted():
        try:
            return guard.admit(second, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as sender:
        with transaction.atomic():
            assert guard.admit(first, now=NOW) is None
            waiting = sender.submit(admitted)
            until_somebody_waits()
        assert waiting.result() == Dropped.LATELY
    assert guard.admit(first, now=NOW) is None, "the same one passes again"
    with transaction.atomic():
        refusals.refuse([same.pk], origin=Origin.PERSON, now=NOW)
    assert guard.admit(first, now=NOW) == Dropped.OPTED_OUT


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
        refusals.note_bounce(self.contact.address, now=NOW)
        assert self.ask().reason == Dropped.BOUNCED
        self.contact.email = "new@acme.example"
        self.contact.save()
        assert self.ask().state == InvitationState.SENT

    def test_who_refused_by_another_contact_of_the_address_gets_nothing(self):
        invitations.invite(self.survey, [self.contact], via=Via.EMAIL, now=NOW)
        refused = addresses.digest("KIM0@acme.example")
        AddressConsent.objects.create(address=refused, kind="opted_out", origin="person", at=NOW)
        assert not Contact.objects.filter(survey_opt_out=True).exists(), "as in a moment's race"
        queue.send(clock=lambda: NOW)
        assert Invitation.objects.get().reason == Dropped.OPTED_OUT
        assert not mail.outbox

    def test_a_closed_survey_asks_nobody_any_more(self):
        from surveys import lifecycle

        outcome = invitations.invite(self.survey, [self.contact], via=Via.EMAIL, now=NOW)[0]
        lifecycle.close(self.survey, now=NOW)
        queue.send(clock=lambda: NOW)
        assert Invitation.objects.get(id=outcome.invitation.id).reason == Dropped.CLOSED
        assert not AddressGuard.objects.exists()

    def test_the_same_occasion_invites_nobody_twice(self):
        for _ in range(2):
            invitations.invite(self.survey, [self.contact], via=Via.EMAIL, now=NOW, occasion="order-17")
        assert Invitation.objects.count() == Outgoing.objects.count() == 1
