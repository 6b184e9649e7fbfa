"""What opens every link of every mail leaves no trace; each person who presses the button leaves one answer."""

import pytest
from django.core import mail
from django.db.models import Sum

from bench import scanner
from surveys.models import Tally
from tests.access.fingerprint import fingerprint
from tests.conftest import NOW

NOTHING = {"answers": 0, "events": 0, "revisions": 0, "started": 0, "opt-outs": 0}


def test_scanners_of_a_hundred_mails_write_nothing_at_all(begun):
    scanner.send(100, clock=lambda: NOW)
    links = [scanner.addresses(one) for one in mail.outbox]
    assert [len(own) for own in links] == [12] * 100  # eleven numbers, and no more surveys
    before = fingerprint()
    assert scanner.scan(link for own in links for link in own) == 7_200
    assert scanner.traces() == NOTHING
    assert fingerprint() == before


def test_so_it_is_when_they_have_answered(begun, stranger):
    scanner.send(5, clock=lambda: NOW)
    links = [scanner.addresses(one) for one in mail.outbox]
    assert {stranger.post(own[3], {"score": "3"}).status_code for own in links} == {303}
    before = fingerprint()
    scanner.scan(link for own in links for link in own)
    assert fingerprint() == before


@pytest.mark.django_db(transaction=True)
def test_a_thousand_people_who_press_twice_leave_a_thousand_answers(begun):
    scanner.send(1_000, clock=lambda: NOW)
    scanner.press([scanner.addresses(one)[0].partition("?")[0] for one in mail.outbox])
    assert scanner.traces() == {"answers": 1_000, "events": 1_000, "revisions": 0, "started": 1_000, "opt-outs": 0}
    counted = Tally.objects.filter(name="score").aggregate(Sum("count"))
    assert counted == {"count__sum": 1_000}
