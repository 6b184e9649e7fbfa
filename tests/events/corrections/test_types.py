"""Event types that change their meaning, are merged or retired."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.days import business_day
from core.jobs.leased import InvalidState
from customers.models import Act
from events import catalogue, event_types
from events.corrections import lifecycle
from events.models import Event, EventType
from scoring.forms.add_weights import not_weighed
from scoring.model_versions import versions
from scoring.models import ScoringModel
from tests.conftest import NOW
from tests.events.corrections.steps import (
    TOMORROW,
    carried_out,
    closed,
    did,
    history_rows,
    person,
    scored,
    stands,
    undone,
    worked,
)
from tests.events.people import group, track

TODAY = business_day(NOW)


@pytest.fixture
def dances(send, kind):
    """Acme dances and so does its twin, who calls it a waltz: a type that has always been no activity."""
    EventType.objects.create(name="Waltz", channel="social", is_activity=False, created_at=NOW)
    for name, event in (("acme", "Dance"), ("twin", "Waltz")):
        send(person(name), did(name, 2, event), did(name, 4, event), did(name, 3))
    return kind("Dance")


def active(name, now=NOW):
    return stands(name, now)["active"]


def test_an_activity_that_was_none_after_all_makes_no_active_days_any_more(dances, send):
    assert len(active("acme")) == 3
    job = worked(lifecycle.retell(dances, {"is_activity": False, "channel": "social"}, now=NOW, by=None))
    assert (job.events, job.customers) == (2, 1)
    assert EventType.objects.get(pk=dances.pk).is_activity, "nothing has changed yet"
    job = carried_out(job)
    dances.refresh_from_db()
    assert (dances.is_activity, dances.channel, job.changed) == (False, "social", 2)
    assert active("acme") == active("twin")
    send(did("acme", 1, "Dance"), did("twin", 1, "Waltz"))
    assert active("acme") == active("twin"), "what comes later is stored as the type is now"
    whole = Act.objects.get(kind="event_type", customer=None)
    assert whole.detail["changes"] == {"is_activity": [True, False], "channel": ["web", "social"]}


def test_another_channel_is_previewed_and_rewrites_no_event(dances):
    job = worked(lifecycle.retell(dances, {"channel": "social"}, now=NOW, by=None))
    assert (job.events, job.customers, job.effect["sum"]) == (2, 1, 0)
    job = carried_out(job)
    dances.refresh_from_db()
    assert (dances.channel, job.changed, job.state) == ("social", 0, "done")
    assert Act.objects.filter(kind="event_type", customer=None, by=None).count() == 1
    assert not Event.objects.exclude(void_on=None).exists()
    undone(job)
    dances.refresh_from_db()
    assert dances.channel == "web"


def test_score_and_health_equal_those_of_a_twin_whose_type_was_always_so(dances, send):
    draft = versions.draft_from(ScoringModel.objects.current(), now=NOW)
    draft.weights.filter(event_type__name="Report created").update(per_contact=True)
    versions.publish(draft, now=NOW, by=None)
    for name, event in (("acme", "Dance"), ("twin", "Waltz")):
        send(group(name, 90, userId=f"{name}-2", messageId=f"{name}-2"))
        send(track(1, event, userId=f"{name}-2", messageId=f"{name}-3"))
    scored()
    before = stands("acme")["score"]
    assert before != stands("twin")["score"], "somebody who only danced was an active contact"
    job = carried_out(lifecycle.retell(dances, {"is_activity": False}, now=NOW, by=None))
    [after] = stands("acme")["score"]
    assert [after] == stands("twin")["score"]
    assert (job.effect["scored"], job.effect["sum"]) == (1, after[0] - before[0][0])


def test_days_closed_before_stay_and_undoing_gives_the_flag_back(dances):
    scored()
    closed()
    was = history_rows()
    job = carried_out(lifecycle.retell(dances, {"is_activity": False}, now=TOMORROW, by=None), now=TOMORROW)
    job = undone(job, now=TOMORROW)
    dances.refresh_from_db()
    assert (dances.is_activity, job.restored, job.skipped) == (True, 2, 0)
    assert len(active("acme", TOMORROW)) == 3
    assert history_rows() == was


def test_a_merged_types_events_and_those_to_come_are_the_others(dances, kind, send):
    job = carried_out(lifecycle.merge(dances, kind("Waltz"), now=NOW, by=None))
    assert job.changed == 2
    send(did("acme", 1, "Dance"), did("twin", 1, "Waltz"))
    assert stands("acme")["counts"] == stands("twin")["counts"]
    assert active("acme") == active("twin")


def test_a_type_merged_twice_leads_to_the_last_one(dances, kind, send):
    carried_out(lifecycle.merge(dances, kind("Waltz"), now=NOW, by=None))
    send(did("acme", 1, "Tango"))
    carried_out(lifecycle.merge(kind("Waltz"), kind("Tango"), now=NOW, by=None))
    send(did("acme", 0, "Dance"))
    assert Event.objects.live().filter(event_type=kind("Tango")).count() == 6


def test_a_merge_can_be_undone(dances, kind, send):
    before = stands("acme")["counts"]
    job = undone(carried_out(lifecycle.merge(dances, kind("Waltz"), now=NOW, by=None)))
    assert (job.restored, job.skipped) == (2, 0)
    assert stands("acme")["counts"] == before
    send(did("acme", 1, "Dance"))
    assert Event.objects.live().filter(event_type=dances).count() == 3


def test_names_are_resolved_with_no_more_queries(dances, kind, source):
    EventType.objects.filter(pk=dances.pk).update(merged_into=kind("Waltz"))
    with CaptureQueriesContext(connection) as asked:
        found = event_types.known(event_types.ask(["Dance", "Signed in"]))
    assert len(asked) == 1
    assert {name: type.id for name, type in found.items()} == {
        "Dance": kind("Waltz").pk,
        "Signed in": kind("Signed in").pk,
    }


@pytest.mark.parametrize("name", sorted(catalogue.TOLD_BY_US))
def test_what_rapport_itself_tells_cannot_be_merged_away(begun, kind, name):
    with pytest.raises(InvalidState, match="Rapport itself"):
        lifecycle.merge(kind(name), kind("Report created"), now=NOW, by=None)


def test_a_type_is_not_merged_into_itself_nor_into_one_that_is_merged(dances, kind):
    with pytest.raises(InvalidState):
        lifecycle.merge(dances, dances, now=NOW, by=None)
    first = worked(lifecycle.merge(dances, kind("Waltz"), now=NOW, by=None))
    second = worked(lifecycle.merge(kind("Waltz"), dances, now=NOW, by=None))
    lifecycle.carry_out(first, now=NOW, by=None)
    with pytest.raises(InvalidState):
        lifecycle.carry_out(second, now=NOW, by=None)


def test_what_was_retired_is_stored_and_offered_no_more(dances, send):
    draft = versions.draft_from(ScoringModel.objects.current(), now=NOW)
    assert dances in not_weighed(draft)
    EventType.objects.filter(pk=dances.pk).update(retired_at=NOW)
    assert dances not in not_weighed(draft)
    send(did("acme", 1, "Dance"))
    assert Event.objects.filter(event_type=dances).count() == 3
    assert TODAY - timedelta(days=1) in active("acme")
