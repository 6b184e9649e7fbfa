"""Last activity does not wait for weights: an event says that the customer was there, whatever its type is worth."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from events import ingest
from events.models import EventType
from scoring.models import CurrentScore, EngagementBand
from scoring.runs import run
from scoring.verify.check import check
from staff.models import Role
from tests.conftest import NOW
from tests.events.people import group, track
from tests.pages import cast

TODAY = NOW.date()


pytestmark = pytest.mark.django_db(transaction=True)  # verify reads in a snapshot of its own


@pytest.fixture
def sent(transactional_db, source):
    """Store events of Acme, named with their age in days, and score it."""

    def send(**ages):
        messages = [group("acme", 60, userId="ann", traits={"name": "Acme"})]
        messages += [track(age, event=name.replace("_", " "), userId="ann") for name, age in ages.items()]
        ingest.record(messages, source=source, now=NOW, history=True)
        while run.score_changed(now=NOW):
            pass
        return CurrentScore.objects.get(customer__name="Acme")

    return send


def test_an_event_of_a_type_without_a_weight_is_activity(sent, client):
    score = sent(Report_exported=2)
    assert EventType.objects.get(name="Report exported").weights.count() == 0
    assert score.last_active_on == TODAY - timedelta(days=2)
    assert score.engagement_band is None, "what it is worth nobody has said yet"
    assert check().differences == 0
    with time_machine.travel(NOW, tick=False):
        client.force_login(cast.colleague("Ada", Role.ADMIN))
        for address in ("/customers/", reverse("desk:customer", args=[score.customer_id])):
            assert "2 days ago" in client.get(address).content.decode()


def test_the_later_of_both_counts(sent):
    assert sent(Report_exported=9, Report_created=4).last_active_on == TODAY - timedelta(days=4)
    assert sent(Report_exported=3).last_active_on == TODAY - timedelta(days=3)


def test_what_is_no_activity_is_none_without_a_weight_either(sent):
    EventType.objects.create(name="Invoice printed", channel="billing", is_activity=False, created_at=NOW)
    assert sent(Invoice_printed=1).last_active_on is None


def test_the_band_still_goes_by_what_is_weighed(sent):
    """A version depends on nothing but itself: what it does not weigh moves no score."""
    score = sent(Report_created=50, Report_exported=1)
    assert (score.engagement, score.engagement_band) == (0, EngagementBand.GONE_QUIET)
    assert score.last_active_on == TODAY - timedelta(days=1)
