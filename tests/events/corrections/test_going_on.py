"""Corrections chunk by chunk: a worker that dies, a colleague who cancels, two of the same events."""

from datetime import timedelta

import pytest

from core.days import business_day
from core.jobs.leased import InvalidState
from events.corrections import lifecycle, work
from events.log import telling
from events.models import Correction, Event
from tests.conftest import NOW
from tests.events.corrections.steps import (
    of_shop,
    stands,
    undone,
    worked,
)

TODAY = business_day(NOW)


@pytest.fixture
def small(monkeypatch):
    """Chunks of two events, so that few are many."""
    monkeypatch.setattr(telling, "CHUNK", 2)


def chunks(job, number, now=NOW):
    """Let a worker do so many chunks, and die."""
    mine = work.leased.claim(Correction, now=now, pk=job.pk)
    steps = work.steps(mine, lambda: now)
    for _ in range(number):
        next(steps)
    steps.close()


def test_a_worker_that_dies_is_followed_by_another(acme, shop, small):
    job = worked(of_shop(shop))
    lifecycle.carry_out(job, now=NOW, by=None)
    chunks(job, 1)
    assert Event.objects.live().filter(source=shop).count() == 1
    assert worked(job).state == "running", "it is leased to the one that died"
    later = NOW + timedelta(minutes=6)
    assert (worked(job, later).state, worked(job, later).changed) == ("done", 3)
    lifecycle.undo(job, now=later, by=None)
    chunks(job, 1, later)
    job = worked(job, later + timedelta(minutes=6))
    assert (job.state, job.restored) == ("undone", 3)
    assert Event.objects.live().filter(source=shop).count() == 3


def test_cancelled_it_stops_between_chunks_and_what_was_done_can_be_undone(acme, shop, small):
    before = stands("acme")
    job = worked(of_shop(shop))
    lifecycle.carry_out(job, now=NOW, by=None)
    chunks(job, 1)
    lifecycle.cancel(job, now=NOW)
    job = worked(job, NOW + timedelta(minutes=6))
    assert (job.state, job.changed) == ("cancelled", 2)
    assert Event.objects.live().filter(source=shop).count() == 1
    assert undone(job).restored == 2
    assert stands("acme") == before


def test_a_preview_can_be_discarded_and_not_undone(acme, shop):
    job = worked(of_shop(shop))
    lifecycle.cancel(job, now=NOW)
    assert not job.parts.exists()
    with pytest.raises(InvalidState):
        lifecycle.carry_out(job, now=NOW, by=None)
    with pytest.raises(InvalidState):
        lifecycle.undo(job, now=NOW, by=None)


def test_of_two_corrections_of_the_same_events_each_event_follows_one(acme, shop, kind, small):
    before = stands("acme")
    gone, moved = worked(of_shop(shop)), of_shop(shop, to_type=kind("Meeting held"))
    moved = worked(moved)
    for job in (gone, moved):
        lifecycle.carry_out(job, now=NOW, by=None)
    chunks(gone, 1)
    assert worked(moved).changed == 1, "two were withdrawn before"
    gone = worked(gone, NOW + timedelta(minutes=6))
    assert (gone.state, gone.changed) == ("done", 3), "and the third as the other type that it had become"
    assert stands("acme") == stands("twin")
    moved, gone = undone(moved), undone(gone)
    assert (moved.restored, moved.skipped, gone.restored) == (0, 1, 3)
    orders = [row for row in stands("acme")["counts"] if row[0] == "Order completed"]
    assert len(orders) == 2 and len([row for row in before["counts"] if row[0] == "Order completed"]) == 3
