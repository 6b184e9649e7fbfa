"""What the made-up portfolio promises, over a moderate number of customers."""

from collections import Counter
from datetime import UTC, datetime
from itertools import islice, pairwise

import pytest

from events import catalogue
from events.models import Channel
from samples.portfolio import churn, messages, money
from samples.portfolio.chapter import Chapter
from samples.portfolio.life import Origin
from samples.portfolio.spec import OutOfRange, Portfolio
from samples.portfolio.story import stories, tell
from tests.samples.conftest import LAST_DAY

PORTFOLIO = Portfolio(150, 400, 1, LAST_DAY)
CHANNELS = {entry.name: entry.channel for entry in catalogue.CATALOGUE}
UNWEIGHED = "Dashboard exported"


def name_of(message):
    return {"page": "Page viewed", "screen": "Screen viewed"}.get(message["type"]) or message["event"]


def day_of(message):
    return datetime.fromisoformat(message["timestamp"]).astimezone(UTC).date()


@pytest.fixture(scope="module")
def chapters():
    return [Chapter.compose(PORTFOLIO, story) for story in stories(PORTFOLIO)]


@pytest.fixture(scope="module")
def events(chapters):
    return {told.story.index: list(messages.events(told)) for told in chapters}


def test_the_same_numbers_tell_the_same_story(events):
    again = Chapter.compose(PORTFOLIO, tell(PORTFOLIO, 7))
    assert list(messages.events(again)) == events[7]


def test_a_customer_does_not_depend_on_how_many_there_are(events):
    one = next(islice(stories(Portfolio(8, 400, 1, LAST_DAY)), 7, None))
    assert list(messages.events(Chapter.compose(PORTFOLIO, one))) == events[7]


def test_another_seed_tells_another_story():
    one, other = (tell(Portfolio(1, 400, seed, LAST_DAY), 0) for seed in (1, 2))
    assert one.counts["Signed in"].tolist() != other.counts["Signed in"].tolist()


def test_everything_happens_within_the_days_and_ends_on_the_last(events):
    found = {day_of(message) for told in events.values() for message in told}
    assert min(found) >= PORTFOLIO.first_day
    assert max(found) == LAST_DAY


def test_all_types_of_the_catalogue_on_all_eleven_channels_and_one_that_is_unknown(events):
    found = {name_of(message) for told in events.values() for message in told}
    # Signing a contract and issuing an invoice write those events, so nobody sends them; nobody logs calls or e-mails
    # there, and no task is done.
    unsent = {"Contract signed", "Invoice issued", "Call logged", "Email logged"}
    unsent |= {name for name in CHANNELS if name.startswith("Task done")}
    assert found == {*CHANNELS, UNWEIGHED} - unsent
    assert {CHANNELS[name] for name in found - {UNWEIGHED}} == set(Channel)


def test_what_is_told_is_what_the_churn_process_counted(chapters, events):
    for told in chapters:
        counted = {name: int(row.sum()) for name, row in told.story.counts.items() if row.any()}
        assert Counter(map(name_of, events[told.story.index])) == counted


def test_message_ids_are_unique(chapters, events):
    ids = [message["messageId"] for told in events.values() for message in told]
    ids += [message["messageId"] for told in chapters for message in messages.introductions(told)]
    assert len(ids) == len(set(ids))


def test_who_does_something_was_introduced_before(chapters, events):
    for told in chapters:
        since = {m["userId"]: m["timestamp"] for m in messages.introductions(told) if m["type"] == "identify"}
        assert all(since[m["userId"]] < m["timestamp"] for m in events[told.story.index] if "userId" in m)


def test_nothing_happens_after_churn(chapters, events):
    gone = [told for told in chapters if told.story.left_on is not None]
    assert gone
    for told in gone:
        last = events[told.story.index][-1]
        assert name_of(last) == "Subscription cancelled"
        assert day_of(last) == PORTFOLIO.day(told.story.left_on)
        assert day_of(events[told.story.index][-2]) < day_of(last)
        assert (told.states[-1].stage, told.states[-1].day) == ("churned", told.story.left_on)


def test_some_customers_never_did_anything(chapters, events):
    silent = [told for told in chapters if told.story.life.origin is Origin.SILENT]
    assert silent
    for told in silent:
        assert not events[told.story.index]
        assert not list(messages.introductions(told))
        assert not money.terms(PORTFOLIO, told.story, told.states)


def test_some_customers_have_gone_quiet(events):
    activity = {entry.name for entry in catalogue.CATALOGUE if entry.is_activity}
    quiet = 0
    for told in events.values():
        days = [day_of(message) for message in told if name_of(message) in activity]
        still_here = told and name_of(told[-1]) != "Subscription cancelled"
        quiet += bool(still_here and days and (LAST_DAY - max(days)).days >= 30)
    assert quiet


def test_contracts_follow_one_another_and_one_runs_while_the_customer_pays(chapters):
    for told in chapters:
        terms = money.terms(PORTFOLIO, told.story, told.states)
        for earlier, later in pairwise(terms):
            assert later.starts_on == earlier.renews_on == (earlier.ends_on or 0) + 1
        if terms:
            assert terms[-1].ends_on == told.story.left_on


def test_names_are_not_shared(chapters):
    assert len({told.company.name for told in chapters}) == len(chapters)
    people = [person.email for told in chapters for person in told.people]
    assert len(set(people)) == len(people)


def test_between_15_and_25_percent_leave_a_year(many):
    assert 0.15 <= many.churn_a_year <= 0.25


def test_each_weight_is_at_least_1_4_times_the_next():
    sizes = sorted(abs(driver.weight) for driver in churn.DRIVERS)
    assert 6 <= len(sizes) <= 8
    assert all(larger / smaller >= 1.4 for smaller, larger in pairwise(sizes))
    assert {driver.weight > 0 for driver in churn.DRIVERS} == {True, False}


def test_drivers_hardly_correlate(many):
    assert many.largest_correlation <= 0.5


def test_customers_send_some_hundred_events_each(many, number):
    assert 300 <= many.events / number <= 600


@pytest.mark.parametrize(
    "wrong", [{"customers": 0}, {"customers": 50_001}, {"days": 59}, {"days": 1_001}, {"seed": -1}]
)
def test_numbers_out_of_range_are_refused_with_what_is_allowed(wrong):
    name = next(iter(wrong))
    with pytest.raises(OutOfRange, match=f"--{name} must be from"):
        Portfolio(**{"customers": 1, "days": 400, "seed": 1, "last_day": LAST_DAY, **wrong})
