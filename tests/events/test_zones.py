"""Days are the company's: what happens in its evening is on that day everywhere, whatever day it is in London."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from core import days
from customers import lifecycle
from events import ingest
from events.models import ActiveDay, DailyCount, Event, SourceDay
from records import invoices
from scoring.runs import history, run
from scoring.verify import check
from staff import api_keys
from staff.models import Role
from tests.pages import cast

DAY = date(2026, 11, 27)
# 20:00 there: in London the next day, the same afternoon, and the same morning.
ZONES = ("America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland")
EVENING = 20


@pytest.fixture
def company(request, settings):
    """Let the company's days be those of a zone."""
    settings.BUSINESS_TIME_ZONE = settings.TIME_ZONE = request.param
    return ZoneInfo(request.param)


@pytest.fixture
def evening(company, begun, source):
    """Acme's Ann did something at 20:00 of the day, and an invoice is of that day; the evening is not over yet."""
    at = datetime(DAY.year, DAY.month, DAY.day, EVENING, tzinfo=company)
    with time_machine.travel(at + timedelta(minutes=1), tick=False):
        history.close_days(now=at)
        acme = lifecycle.upsert([{"company_id": "acme", "name": "Acme"}], now=at)["acme"]
        message = {"type": "track", "event": "Meeting held", "messageId": "m", "userId": "ann"}
        message |= {"timestamp": at.astimezone(UTC).isoformat(), "context": {"groupId": "acme"}}
        assert not ingest.record([message], source=source, now=at).reasons
        row = {"customer_id": acme, "number": "7", "issued_on": DAY, "amount": 90, "currency": "EUR"}
        invoices.write([row], now=at)
        run.score_everyone(now=at)
        yield acme


everywhere = pytest.mark.parametrize("company", ZONES, indirect=True)


@everywhere
def test_the_log_and_the_counts_say_the_day_of_the_company(transactional_db, evening):
    assert set(Event.objects.values_list("event_type__name", "day", "known_on")) == {
        ("Meeting held", DAY, DAY),
        ("Invoice issued", DAY, DAY),
    }
    for counts in (DailyCount, ActiveDay, SourceDay):
        assert set(counts.objects.values_list("day", "known_on")) == {(DAY, DAY)}
    assert check().differences == 0


@everywhere
def test_the_page_shows_both_on_that_day_with_its_time(evening, client):
    client.force_login(cast.colleague("Ada", Role.ADMIN))
    page = client.get(f"/customers/{evening}/timeline/").content.decode()
    assert re.findall('<h3 class="day">(.+?)</h3>', page) == ["Friday, 27 November 2026"]
    assert re.findall("<time[^>]*>(.+?)</time>", page[page.index("timeline-title") :]) == ["20:00", "12:00"]
    assert not re.search("2[68] Nov", page)


@pytest.fixture
def api_key(evening):
    _row, key = api_keys.create("CRM", ["events:read"], now=timezone.now(), colleague=None)
    return key


@everywhere
@pytest.mark.parametrize(("shift", "found"), [(-1, 0), (0, 2), (1, 0)])
def test_filters_of_page_and_api_mean_that_day(evening, client, api_key, shift, found):
    client.force_login(cast.colleague("Ada", Role.ADMIN))
    of_day = {"since": (DAY + timedelta(days=shift)).isoformat(), "until": (DAY + timedelta(days=shift)).isoformat()}
    assert client.get(f"/customers/{evening}/timeline/", of_day).content.decode().count('<li class="event">') == found
    answer = client.get(f"/api/v1/customers/{evening}/events/", of_day, headers={"authorization": f"Bearer {api_key}"})
    assert len(answer.json()["results"]) == found


@everywhere
def test_lists_and_files_say_that_day(evening, client):
    client.force_login(cast.colleague("Ada", Role.ADMIN))
    files = {
        name: b"".join(answer) if (answer := client.get(address)).streaming else answer.content
        for name, address in {
            "list": "/customers/export.csv",
            "score": f"/customers/{evening}/score.csv",
            "page of the list": "/customers/?columns=last_active",
            "page of the score": f"/customers/{evening}/score/",
        }.items()
    }
    for name, content in files.items():
        text = content.decode()
        assert re.search(r"2026-11-27|27 Nov", text), name
        assert not re.search(r"2026-11-2[68]|2[68] Nov", text), name


@everywhere
def test_the_first_and_the_last_day_of_the_calendar_filter_nothing_out(evening, client):
    client.force_login(cast.colleague("Ada", Role.ADMIN))
    ends = {"since": "0001-01-01", "until": "9999-12-31"}
    assert client.get(f"/customers/{evening}/timeline/", ends).content.decode().count('<li class="event">') == 2
    for until in ("9999-12-30", "9999-12-31"):
        found = Event.objects.filter(days.within("occurred_at", date.min, date.fromisoformat(until)))
        assert found.count() == 2


@everywhere
def test_the_day_closes_when_it_is_over_there(evening, company):
    midnight = datetime(DAY.year, DAY.month, DAY.day, tzinfo=company) + timedelta(days=1)
    assert list(days.due(midnight.astimezone(UTC) - timedelta(seconds=1))) == []
    assert list(days.due(midnight.astimezone(UTC))) == [DAY]


@pytest.mark.parametrize("company", ["America/Los_Angeles"], indirect=True)
@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 8), 23), (date(2026, 3, 9), 24), (date(2026, 11, 1), 25)])
def test_a_day_on_which_the_clocks_change_is_shorter_or_longer(company, day, hours):
    length = days.start(day + days.ONE_DAY).astimezone(UTC) - days.start(day).astimezone(UTC)
    assert length == timedelta(hours=hours)
    last = days.start(day).astimezone(UTC) + length - timedelta(microseconds=1)
    assert {days.business_day(moment) for moment in (days.start(day), days.noon(day), last)} == {day}


@pytest.mark.parametrize("company", ["Africa/Cairo"], indirect=True)
def test_a_day_without_midnight_begins_when_the_clocks_have_changed(company):
    day = date(2026, 4, 24)  # 00:00 becomes 01:00
    assert days.start(day).astimezone(UTC) == datetime(2026, 4, 23, 22, tzinfo=UTC)
    assert days.business_day(days.start(day)) == day
    assert days.business_day(days.start(day).astimezone(UTC) - timedelta(seconds=1)) == day - days.ONE_DAY


def test_another_zone_is_refused_once_there_are_events(begun, source, settings):
    settings.BUSINESS_TIME_ZONE = "Asia/Kolkata"
    days.settle_zone(has_events=False)
    settings.BUSINESS_TIME_ZONE = "America/Los_Angeles"
    message = {"type": "track", "event": "Signed in", "messageId": "m", "userId": "ann"}
    ingest.record([message], source=source, now=datetime(2026, 6, 15, 12, tzinfo=UTC))
    with pytest.raises(CommandError, match=r"counted by the days of Asia/Kolkata.*BUSINESS_TIME_ZONE=Asia/Kolkata"):
        call_command("prepare")
