"""When a source counts as silent: by its own habits, without a setting."""

from datetime import date, timedelta

import pytest

from engagement_site.health import sources
from events.models import Source, SourceDay
from staff.models import ApiKey
from tests.conftest import NOW

TODAY = NOW.date()  # a Monday


def ago(*days):
    return {TODAY - timedelta(days=number) for number in days}


@pytest.mark.parametrize(
    ("sent", "silent"),
    [
        (ago(*range(1, 20)), False),
        (ago(*range(3, 20)), False),  # two whole days of silence, the longest pause was one
        (ago(*range(4, 20)), True),
        (ago(6, 7, 10, 11, 12, 13, 14), False),  # on weekdays only: pauses of three days
        (ago(8, 9, 10, 13, 14, 15, 16), True),
        (ago(20, 21, 22, 23), False),  # too few days to know its habits
        (set(), False),
    ],
)
def test_a_source_is_silent_after_twice_its_longest_pause(sent, silent):
    assert sources.is_silent(sent, TODAY) is silent


def sends(source, days, **more):
    for day in days:
        SourceDay.objects.create(**{"source": source, "day": day, "known_on": day, "stripe": 0, "events": 3} | more)


def made(name, kind, **more):
    return Source.objects.create(name=name, kind=kind, channel="web", created_at=NOW, **more)


def test_only_sources_that_should_send_are_looked_at(db):
    for kind in (Source.Kind.CONNECTOR, Source.Kind.IMPORT, Source.Kind.SAMPLE, Source.Kind.WRITE_KEY):
        sends(made(kind.label, kind), ago(*range(6, 16)))
    assert sources.silent(today=TODAY) == {"Connector": date(2026, 6, 9)}
    key = ApiKey.objects.create(name="k", public_part="rapport_x", secret_hash=b"", scopes=[], created_at=NOW)
    Source.objects.get(name="Write key").keys.add(key)
    assert set(sources.silent(today=TODAY)) == {"Connector", "Write key"}
    ApiKey.objects.update(revoked_at=NOW)
    assert set(sources.silent(today=TODAY)) == {"Connector"}


def test_what_is_told_late_counts_on_the_day_it_came(db):
    source = made("Phone", Source.Kind.CONNECTOR)
    for number in range(1, 10):
        sends(source, ago(number + 20), known_on=TODAY - timedelta(days=number))
    assert sources.silent(today=TODAY) == {}


def test_events_stored_since_yesterday_are_summed(db):
    source = made("Phone", Source.Kind.CONNECTOR)
    sends(source, ago(0, 1, 2))
    sends(source, ago(0), stripe=1, events=-3)
    assert sources.stored(since=TODAY - timedelta(days=1)) == 6
