"""The sample's invoices, tickets and notes say what its story counted: nothing more, nothing twice."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from records import invoices as verbs
from records.models import Invoice
from samples.portfolio import messages
from samples.portfolio.chapter import Chapter
from samples.portfolio.records import TOLD, Records
from samples.portfolio.spec import Portfolio
from samples.portfolio.story import stories
from tests.samples.conftest import LAST_DAY

PORTFOLIO = Portfolio(120, 400, 1, LAST_DAY)
EVENING = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, 23, 59, 59, tzinfo=UTC)


@pytest.fixture(scope="module")
def kept():
    """Return for each customer its story's counts, what is sent, and its rows."""
    found = []
    for story in stories(PORTFOLIO):
        told = Chapter.compose(PORTFOLIO, story)
        records = Records(told, story.index + 1, None)
        sent = list(records.sift(messages.events(told)))
        counted = Counter({name: int(row.sum()) for name, row in story.counts.items()})
        found.append((counted, sent, *records.finished()))
    return found


def test_what_rows_tell_is_not_sent_and_all_else_is(kept):
    for counted, sent, *_rows in kept:
        assert len(sent) == sum(number for name, number in counted.items() if name not in TOLD)


def test_tickets_notes_and_answers_are_as_many_as_the_story_has(kept):
    for counted, _sent, _invoices, tickets, notes, answers in kept:
        assert len(tickets) == counted["Ticket opened"]
        assert sum(row["escalated_at"] is not None for row in tickets) == counted["Ticket escalated"]
        assert sum(row["solved_at"] is not None for row in tickets) == counted["Ticket solved"]
        assert len(notes) == counted["Note logged"]
        assert len(answers) == counted["Survey answered"]


def test_the_verb_says_paid_and_overdue_as_often_and_on_the_days_the_story_did(kept):
    for counted, _sent, invoices, *_rows in kept:
        said = Counter()
        for row in invoices:
            said.update(happening.name for happening in verbs.events_of(Invoice(**row), LAST_DAY + timedelta(days=1)))
        assert said["Invoice paid"] == counted["Invoice paid"]
        late = {row["due_on"] + timedelta(days=1) for row in invoices if not row["is_void"]}
        assert said["Invoice overdue"] - counted["Invoice overdue"] in (0, int(LAST_DAY + timedelta(days=1) in late))


def test_nothing_happens_to_a_ticket_before_it_opens(kept):
    for *_rest, tickets, _notes, _answers in kept:
        for row in tickets:
            later = [row[name] for name in ("first_response_at", "escalated_at", "solved_at") if row[name]]
            assert min(later, default=row["opened_at"]) >= row["opened_at"]
