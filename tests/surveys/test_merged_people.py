"""Whom colleagues merged or deleted is asked no more; what was on its way to somebody merged arrives."""

import hashlib
import hmac

import pytest
from django.core import mail

from core.outbox import queue
from customers.curation import merges, removals
from customers.people import adopting
from surveys.answering import direct_answers
from surveys.models import Dropped, Invitation
from tests.conftest import NOW
from tests.surveys.conftest import company, invited, people, running

pytestmark = pytest.mark.django_db


def test_who_was_merged_or_deleted_is_not_asked(survey, lead):
    stays, merged, deleted = people(3)
    adopting.adopt()  # they belong there
    merges.contacts(stays, merged, wins=(), now=NOW, by=lead)
    removals.contact(deleted, reason="A test", now=NOW, by=lead)
    assert [row.contact for row in invited(survey, by=lead)] == [stays]


def test_a_mail_that_waits_for_somebody_deleted_is_not_sent(survey, lead):
    [kim] = people(1)
    [invitation] = invited(survey, by=lead)
    removals.contact(kim, reason="A test", now=NOW, by=lead)
    queue.send(clock=lambda: NOW)
    assert mail.outbox == []
    assert Invitation.objects.get(id=invitation.id).reason == Dropped.GONE


def test_a_mail_that_waits_at_a_customer_who_is_merged_is_sent(survey, lead):
    [kim] = people(1)
    [invitation] = invited(survey, by=lead)
    other = company("Birch")
    merges.customers(other, kim.customer, wins=(), now=NOW, by=lead)
    queue.send(clock=lambda: NOW)
    assert [message.to for message in mail.outbox] == [[kim.email]]
    assert Invitation.objects.get(id=invitation.id).customer == other


def test_a_signed_user_id_of_somebody_deleted_names_nobody(lead):
    survey = running()
    [kim] = people(1)
    kim.identities.create(kind="user", value="kim")
    signed = hmac.new(direct_answers.key_of(survey).encode(), b"kim", hashlib.sha256).hexdigest()
    assert direct_answers.known("kim", signed, survey) == kim
    removals.contact(kim, reason="A test", now=NOW, by=lead)
    assert direct_answers.known("kim", signed, survey) is None
