"""Records tell what they say now: who lived through changes ends like a twin who was told only the final truth.

As known then, everything stays: no closed day of the first one changes, and each equals what its day knew.
"""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.models import CurrencyRate
from records import due
from scoring.models import ScoreHistory
from scoring.runs import history, run
from scoring.verify import check
from tests.conftest import NOW
from tests.records import lives, twins


@pytest.fixture
def rates(transactional_db):
    CurrencyRate.objects.create(currency="USD", day=NOW.date() - timedelta(days=900), rate=Decimal("0.5"))


def past():
    fields = ("customer", "day", "engagement", "health", "coverage", "inputs_digest")
    return {(row[0], row[1]): (*row[2:5], bytes(row[5])) for row in ScoreHistory.objects.values_list(*fields)}


def wake(now):
    """Do what the workers do on a day: close those before, tell what came, score."""
    history.close_days(now=now)
    due.tell(now=now)
    run.score_everyone(now=now)


def score(now):
    while run.score_changed(now=now):
        pass


@pytest.mark.parametrize("kind", lives.LIVES)
def test_records_end_as_if_they_had_always_said_so(begun, rates, kind):
    pairs = {
        what: (twins.made(what, kind, steps), twins.made(f"{what}, told late", kind, lives.ended(steps)))
        for what, steps in lives.LIVES[kind].items()
    }
    stood = {}
    for number in range(lives.LAST + 1):
        wake(lives.noon(number))
        for person in (person for pair in pairs.values() for person in pair):
            person.live(number)
        score(lives.noon(number))
        stood = {**past(), **stood}
    found = {what: twins.differences(*pair) for what, pair in pairs.items()}
    assert {what: differences for what, differences in found.items() if differences} == {}
    # One more day is closed: whatever was told again, no day of before is otherwise than it was.
    wake(lives.noon(lives.LAST + 1))
    assert {key: row for key, row in past().items() if key in stood} == stood
    assert len(stood) == 2 * len(pairs) * lives.LAST
    assert check().differences == 0
