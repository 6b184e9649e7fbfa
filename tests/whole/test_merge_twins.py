"""Whatever is merged and parted again is as if nobody had touched it: like a twin who lived the same days.

But for the acts, and for days that were closed between the two: those stay as written.
"""

from datetime import timedelta

import pytest

from core import days
from customers import contact_counts
from customers.curation import merges, undoing
from events.log import resettling
from records import due
from records.kinds import KINDS
from records.models import Invoice, Ticket
from records.telling import writing
from scoring.models import ScoreHistory
from scoring.runs import history, run
from scoring.verify import check
from staff.models import Role, User
from tests.conftest import NOW
from tests.sizes import sizes
from tests.surveys.conftest import running
from tests.whole import alike, pairs
from tests.whole.pairs import Pair

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = NOW.date()
WINNING = ("name", "plan", "mrr", "industry", "stage")


@pytest.fixture
def lead(begun):
    return User.objects.create_user("lead@rapport.example", "correct horse", name="Lead", role=Role.LEAD)


@pytest.mark.parametrize("number", sizes(50, 200))
def test_two_that_were_merged_and_parted_are_like_their_twins(source, lead, number):
    ours, twins = [Pair(n) for n in range(number)], [Pair(n, pairs.TWIN) for n in range(number)]
    everybody = [*ours, *twins]
    pairs.begin(everybody, source=source, survey=running(), by=lead)
    for day in (1, 2):
        _begin_day(day, everybody)
    before = _written()
    acts = {pair: _merged(pair, _at(2), lead) for pair in ours}
    for _ in range(number):  # some events have followed, some not yet
        resettling.settle(now=_at(2), limit=20)
    _live(everybody, 2, source)
    _part([pair for pair in ours if pair.number % 2], acts, _at(2), lead)
    _begin_day(3, everybody)
    between = _written()
    _live(everybody, 3, source)
    _part([pair for pair in ours if not pair.number % 2], acts, _at(3), lead)
    _begin_day(4, everybody)
    found = {pair.number: alike.differences(pair, twin) for pair, twin in zip(ours, twins, strict=True)}
    assert {n: differences for n, differences in found.items() if differences} == {}
    for pair, twin in zip(ours, twins, strict=True):
        same = [TODAY + timedelta(days=day) for day in ((0, 1, 2, 3) if pair.number % 2 else (0, 1, 3))]
        for one, other in zip(pair.customers(), twin.customers(), strict=True):
            assert alike.history(same, one) == alike.history(same, other), (pair.number, one)
    written = _written()
    assert {key: row for key, row in written.items() if key in before | between} == before | between
    while run.score_changed(now=_at(4)):
        pass
    report = check()
    assert (report.unexplained, report.differences, report.pending) == ([], 0, {})


def _at(day):
    return NOW + timedelta(days=day)


def _begin_day(day, everybody):
    """Do what the workers do over night, once all has settled and each customer's contacts are counted."""
    resettling.settle_all(now=_at(day - 1))
    contact_counts.note_for([pk for pair in everybody for pk in pair.pks.values()], days.lock_open_day(_at(day - 1)))
    history.close_days(now=_at(day))
    due.tell(now=_at(day))
    run.score_everyone(now=_at(day))


def _live(everybody, day, source):
    """Have fifty events come in for each pair, tickets solved, and invoices paid."""
    pairs.send(everybody, f"day {day}", 50, source=source, now=_at(day))
    rows = [{**row, "solved_at": _at(day)} for pair in everybody for row in pair.records(Ticket, "ab"[day - 2])]
    writing.write(KINDS[Ticket], rows, now=_at(day))
    rows = [{**row, "paid_on": _at(day).date()} for pair in everybody for row in pair.records(Invoice, "ab"[day - 2])]
    writing.write(KINDS[Invoice], rows, now=_at(day))


def _merged(pair, now, by):
    """Merge the two customers, either into the other, or two people of theirs."""
    chance = pair.chance("merge")
    wins = chance.sample(WINNING, chance.randrange(4))
    if chance.random() < 0.7:
        kept, gone = chance.sample(pair.customers(), 2)
        return merges.customers(kept, gone, wins=wins, now=now, by=by)
    kept, gone = (pair.user(name) for name in chance.sample(["a-0", "a-1", "b-0", "b-1"], 2))
    return merges.contacts(kept, gone, wins=["name"] * ("name" in wins), now=now, by=by)


def _part(those, acts, now, by):
    for pair in those:
        acts[pair].refresh_from_db()
        undoing.undo(acts[pair], now=now, by=by)
    resettling.settle_all(now=now)


def _written():
    fields = ("customer", "day", "engagement", "health", "coverage", "inputs_digest")
    return {(row[0], row[1]): (*row[2:5], bytes(row[5])) for row in ScoreHistory.objects.values_list(*fields)}
