"""Links that are none: none is taken, and all get the same answer, so that nobody learns from it.

`make test-long` tries twenty thousand.
"""

import logging
import secrets
from collections import Counter
from datetime import timedelta
from random import Random

import pytest
import time_machine

from surveys import lifecycle
from surveys.answering import answers
from surveys.models import Answer, Token
from surveys.sending import tokens
from tests.access.fingerprint import fingerprint
from tests.conftest import NOW
from tests.sizes import sizes
from tests.surveys.conftest import invited, people, running

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@pytest.fixture
def real(begun, lead):
    """Return live tokens of two surveys."""
    people(20)
    links = []
    for survey in (running(), running("csat")):
        links += [tokens.make(invitation, now=NOW) for invitation in invited(survey, by=lead)]
    return links


@pytest.fixture
def dead(real, lead):
    """Return tokens that were live: expired, of a closed survey, and of an answer that is a day old."""
    survey, before = running("effort"), NOW - timedelta(days=3)
    rows = invited(survey, by=lead)
    expired = [tokens.make(invitation, now=NOW - tokens.LIVES) for invitation in rows[:10]]
    with time_machine.travel(before, tick=False):
        late = [tokens.make(invitation, now=before) for invitation in rows[10:]]
        for invitation in rows[10:]:
            answers.submit(invitation, {"score": ["5"]}, now=before, only=["score"])
    over = running("nps")
    closed = [tokens.make(invitation, now=NOW) for invitation in invited(over, by=lead)]
    lifecycle.close(over, now=NOW)
    return [*expired, *late, *closed]


def forged(random, real):
    """Return a token that looks like one: made up, cut off, put together from two, or with one bit turned."""
    token, other = random.sample(real, 2)
    place = random.randrange(1, len(token))
    return random.choice(
        [
            "".join(random.choices(LETTERS, k=27)),
            token[:place],
            token[:place] + other[place:],
            flipped(token, random.randrange(len(token)), random.randrange(7)),
            token + random.choice(LETTERS),
            token.swapcase(),
        ]
    )


def flipped(token, place, bit):
    letter = chr(ord(token[place]) ^ 1 << bit)
    return token[:place] + (letter if letter in LETTERS else "~") + token[place + 1 :]


@pytest.mark.parametrize("number", sizes(1_000, 20_000))
def test_none_is_taken_and_all_are_answered_alike(stranger, real, dead, caplog, number):
    caplog.set_level(logging.CRITICAL)
    random = Random(5)
    before, seen = fingerprint(), Counter()
    # Compared as texts: whether two texts are one token is what is tried here.
    tries = [*dead, *(one for one in (forged(random, real) for _ in range(number)) if one not in real)]
    for number, token in enumerate(tries):
        path = f"/s/{token}/"
        answer = stranger.post(path, {"score": "4"}) if number % 2 else stranger.get(path, {"a": "4"})
        headers = tuple(sorted((name, value) for name, value in answer.items() if name != "X-Request-Id"))
        seen[answer.status_code, answer.content, headers] += 1
    assert len(tries) > number and len(seen) == 1
    assert next(iter(seen))[0] == 404
    assert fingerprint() == before


def test_so_are_the_other_addresses_of_a_link(stranger, real, dead):
    seen = set()
    for token in [*dead, secrets.token_urlsafe(20), "preview", "%00", "x" * 3_000, "🦊", "a b", "to", "logo"]:
        seen |= {stranger.get(f"/s/{token}/").content, stranger.post(f"/s/{token}/started/", {"by_hand": 1}).content}
        seen |= {stranger.get(f"/s/to/{token}/").content, stranger.get(f"/s/{token}/a/b/").content}
        seen |= {stranger.post(f"/s/widget/{token}/", {"score": 4}).content, stranger.get("/s/").content}
    assert len(seen) == 1


def test_a_link_answers_only_for_its_own_person_and_survey(stranger, real):
    """A token says nothing about whom it belongs to, so there is nothing in an address that could be swapped."""
    for token in real[:5]:
        stranger.post(f"/s/{token}/?survey=1&contact=2", {"score": "4", "survey": "1", "contact": "2"})
    owners = Token.objects.filter(hash__in=[tokens.hashed(row) for row in real[:5]])
    assert set(Answer.objects.values_list("id", flat=True)) == {row.invitation_id for row in owners}
