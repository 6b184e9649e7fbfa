"""What a mail provider tells: taken from whoever knows the secret, about mails we sent, once."""

import base64
import json

import pytest
from django.test import Client
from django.utils import timezone

from core.models import Outgoing
from core.outbox import queue
from customers.consent import addresses
from customers.models import AddressConsent
from engagement_site.mail import events
from surveys.models import AddressGuard, Invitation, InvitationState, Tally
from surveys.sending import test_mails
from tests.conftest import NOW
from tests.surveys.conftest import invited, people

pytestmark = pytest.mark.django_db
SECRET = "rapport:0123456789abcdef"


@pytest.fixture(autouse=True)
def _provider(settings):
    settings.MAIL_EVENTS_FROM, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": SECRET}
    events._view.cache_clear()


@pytest.fixture
def invitation(survey, lead):
    people(1)
    invitation = invited(survey, by=lead)[0]
    queue.send(clock=lambda: NOW)
    Outgoing.objects.update(provider_id="p-1")
    return invitation


def tell(record, *, secret=SECRET, provider="postmark", mail="p-1", **more):
    body = {"RecordType": record, "MessageID": mail, "Recipient": "kim0@acme.example", **more}
    basic = base64.b64encode(secret.encode()).decode()
    return Client().post(
        f"/mail-events/{provider}/",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Basic {basic}"},
    )


def steps():
    return dict(Tally.objects.filter(name="step").values_list("value", "count"))


def test_a_delivery_and_an_opening_are_steps_counted_once(invitation):
    for _ in range(2):
        assert tell("Delivery", DeliveredAt=timezone.now().isoformat()).status_code == 200
        assert tell("Open", FirstOpen=True, ReceivedAt=timezone.now().isoformat()).status_code == 200
    assert steps() == {"sent": 1, "delivered": 1, "opened": 1}


def test_an_address_that_does_not_work_is_asked_no_more_and_the_turn_is_given_back(invitation, survey, lead):
    tell("Bounce", Type="HardBounce", TypeCode=1, BouncedAt=timezone.now().isoformat())
    assert Invitation.objects.get().state == InvitationState.FAILED
    bounce = AddressConsent.objects.get()
    assert (bounce.kind, bytes(bounce.address)) == ("bounced", addresses.digest("Kim0@acme.example"))
    assert AddressGuard.objects.get().asked_at is None
    again = invited(survey, by=lead)
    assert [message.reason for message in again if message.wave_id != invitation.wave_id] == ["bounced"]


def test_what_comes_back_is_of_the_address_it_went_to_not_of_the_contacts_new_one(invitation, survey, lead):
    kim = invitation.contact
    kim.email = "new@acme.example"
    kim.save()
    [zoe] = people(1, start=7)
    zoe.email = "KIM0@Acme.example"
    zoe.save()
    tell("Bounce", Type="HardBounce", TypeCode=1, BouncedAt=timezone.now().isoformat())
    reasons = {row.contact_id: row.reason for row in invited(survey, by=lead) if row.wave_id != invitation.wave_id}
    assert reasons == {kim.pk: "", zoe.pk: "bounced"}


def test_who_complains_gets_no_more_surveys(invitation):
    tell("SpamComplaint", Type="SpamComplaint", BouncedAt=timezone.now().isoformat())
    invitation.contact.refresh_from_db()
    assert invitation.contact.survey_opt_out


def test_what_becomes_of_a_test_mail_is_nobodys_step(survey, lead):
    test_mails.send(survey, "en", to=lead, now=NOW)
    queue.send(clock=lambda: NOW)
    Outgoing.objects.update(provider_id="p-1")
    assert tell("Delivery", DeliveredAt=timezone.now().isoformat()).status_code == 200
    assert steps() == {}


@pytest.mark.parametrize("secret", ["rapport:wrong", "", ":", "rapport:"])
def test_without_the_secret_nothing_is_taken(invitation, secret):
    assert tell("Bounce", secret=secret, Type="HardBounce", TypeCode=1).status_code == 400
    assert Invitation.objects.get().state == InvitationState.SENT


def test_another_provider_and_an_unknown_mail_change_nothing(invitation):
    assert tell("Delivery", provider="mailgun").status_code == 404
    assert tell("Delivery", provider="nobody").status_code == 404
    assert tell("Delivery", mail="p-2").status_code == 200
    assert steps() == {"sent": 1}


def test_without_a_provider_there_is_no_such_door(settings, invitation):
    settings.MAIL_EVENTS_FROM = ""
    assert tell("Delivery").status_code == 404
