"""Samples do not fix the zone: they are taken away and loaded by the days of another one. What is real does fix it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core import days
from core.models import Calendar
from customers import lifecycle
from customers.models import Customer, Exclusion
from events import ingest
from events.models import Channel, Event, Source
from records import contacts, notes
from samples.loading import clearing
from scoring.models import ScoreHistory
from scoring.verify import check
from staff.models import User

ELSEWHERE = "Pacific/Auckland"
SMALL = ["portfolio", "--customers", "5", "--days", "60"]


def loaded(*before):
    call_command("load_sample", *before, *SMALL, stdout=StringIO())


def prepare():
    call_command("prepare", verbosity=0)


@pytest.fixture
def sample(db):
    loaded()


def wrong_days():
    return Event.objects.extra(where=["day <> (occurred_at AT TIME ZONE %s)::date"], params=[ELSEWHERE]).count()


def test_another_zone_names_the_command_that_loads_the_sample_by_its_days(sample, settings):
    settings.BUSINESS_TIME_ZONE = ELSEWHERE
    with pytest.raises(CommandError, match=r"load_sample --again portfolio takes them away"):
        prepare()
    assert Calendar.objects.get().zone == "UTC"


@pytest.mark.django_db(transaction=True)
def test_loaded_again_all_days_are_those_of_the_other_zone(settings):
    loaded()
    customer = Customer.objects.earliest("pk")
    person = customer.contacts.filter(identities__kind="user").first()
    user_id = person.identities.get(kind="user").value
    contacts.write([{"customer_id": customer.pk, "user_id": user_id, "stop_scoring": True}], now=timezone.now())
    customers, colleagues = Customer.objects.known().count(), User.objects.count()
    settings.BUSINESS_TIME_ZONE = ELSEWHERE
    assert wrong_days() > 0
    loaded("--again")
    prepare()
    assert Calendar.objects.get().zone == ELSEWHERE
    assert (Customer.objects.known().count(), User.objects.count()) == (customers, colleagues)
    assert wrong_days() == 0
    assert not Exclusion.objects.exists()
    assert ScoreHistory.objects.exists()
    assert check().unexplained == []


def sent(sample):
    source = Source.objects.create(
        name="Website", kind=Source.Kind.WRITE_KEY, channel=Channel.WEB, created_at=timezone.now()
    )
    visit = {"type": "track", "event": "Page viewed", "userId": "me", "context": {"groupId": "ours"}}
    ingest.record([visit], source=source, now=timezone.now())


def entered(sample):
    pk = lifecycle.create({"name": "Our first"}, now=timezone.now(), by=None)
    notes.write([{"customer_id": pk, "text": "Called", "at": timezone.now(), "kind": "call"}], now=timezone.now())


@pytest.mark.parametrize("real", [sent, entered])
def test_where_anything_real_is_stored_nothing_is_taken_away(sample, settings, real):
    real(sample)
    settings.BUSINESS_TIME_ZONE = ELSEWHERE
    events = Event.objects.count()
    assert not clearing.only_samples()
    with pytest.raises(CommandError, match="Not only samples are stored"):
        loaded("--again")
    with pytest.raises(CommandError, match=r"can be chosen in an installation that has no events yet\.$"):
        prepare()
    with pytest.raises(CommandError, match="a day cannot be counted again"):
        loaded()
    assert Event.objects.count() == events


def test_a_worker_of_another_zone_closes_no_day_and_health_says_why(sample, settings):
    from engagement_site.health import facts, judgement

    in_a_week = timezone.now() + 7 * days.ONE_DAY
    assert list(days.due(in_a_week))
    settings.BUSINESS_TIME_ZONE = ELSEWHERE
    assert list(days.due(in_a_week)) == []
    read = facts.read(now=timezone.now())
    assert read.progress.other_time_zone == "UTC"
    assert "other_time_zone" in judgement.problems(read)
