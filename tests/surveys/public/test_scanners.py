"""What opens every link of every mail leaves no trace; each person who presses the button leaves one answer.

`make test-long` does it with a hundred mails and a thousand people.
"""

import pytest
from django.core import mail
from django.db.models import Sum

from bench import scanner
from surveys.models import Tally
from tests.access.fingerprint import fingerprint
from tests.conftest import NOW
from tests.sizes import sizes

NOTHING = {"answers": 0, "events": 0, "revisions": 0, "started": 0, "opt-outs": 0}


@pytest.mark.parametrize("mails", sizes(3, 100))
def test_scanners_of_all_mails_write_nothing_at_all(begun, mails):
    scanner.send(mails, clock=lambda: NOW)
    links = [scanner.addresses(message) for message in mail.outbox]
    assert [len(own) for own in links] == [12] * mails  # eleven numbers, and no more surveys
    before = fingerprint()
    assert scanner.scan(link for own in links for link in own) == mails * 12 * 6
    assert scanner.traces() == NOTHING
    assert fingerprint() == before


def test_so_it_is_when_they_have_answered(begun, stranger):
    scanner.send(5, clock=lambda: NOW)
    links = [scanner.addresses(message) for message in mail.outbox]
    assert {stranger.post(own[3], {"score": "3"}).status_code for own in links} == {303}
    before = fingerprint()
    scanner.scan(link for own in links for link in own)
    assert fingerprint() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", sizes(40, 1_000))
def test_people_who_press_twice_leave_one_answer_each(begun, number):
    scanner.send(number, clock=lambda: NOW)
    scanner.press([scanner.addresses(message)[0].partition("?")[0] for message in mail.outbox])
    assert scanner.traces() == {"answers": number, "events": number, "revisions": 0, "started": number, "opt-outs": 0}
    counted = Tally.objects.filter(name="score").aggregate(Sum("count"))
    assert counted == {"count__sum": number}
