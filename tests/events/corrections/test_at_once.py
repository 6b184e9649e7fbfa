"""Two corrections of the same events, an undoing, and senders at the same time: no error, nothing counted twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import Count

from events import ingest
from events.corrections import lifecycle, work
from events.log import resettling, telling
from events.models import Correction, Event, EventType
from scoring.verify import check
from tests.conftest import NOW
from tests.events.corrections.steps import did, person, scored, worked
from tests.events.people import identify

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = [f"c{i}" for i in range(6)]


@pytest.fixture
def sent(source, shop, monkeypatch):
    monkeypatch.setattr(telling, "CHUNK", 7)
    ingest.record([person(name) for name in NAMES], source=source, now=NOW)
    ingest.record([did(name, days, "Dance") for name in NAMES for days in range(20)], source=shop, now=NOW)
    ingest.record([did(name, days) for name in NAMES for days in range(20)], source=source, now=NOW)


def all_at_once(*acts):
    def closed(act):
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        done = [threads.submit(closed, act) for act in acts]
    assert [one.exception() for one in done] == [None] * len(acts)


def finished(job):
    def finish():
        mine = work.leased.claim(Correction, now=NOW, pk=job.pk)
        work.leased.work_on(mine, work.steps, clock=lambda: NOW, is_over=lambda: False)

    return finish


def send(source, shop):
    for day in range(20):
        ingest.record([did(name, day, "Dance", "late") for name in NAMES], source=shop, now=NOW)
        ingest.record([identify(0, userId=f"{name}-{day}", anonymousId=name) for name in NAMES], source=source, now=NOW)


def test_whoever_comes_second_finds_what_is_left(sent, source, shop):
    held = EventType.objects.get(name="Meeting held")
    gone, moved = (lifecycle.withdraw(source=shop, to_type=kind, now=NOW, by=None) for kind in (None, held))
    worked(gone)
    for job in (gone, moved):
        lifecycle.carry_out(job, now=NOW, by=None)
    all_at_once(finished(gone), finished(moved), lambda: send(source, shop))
    gone.refresh_from_db()
    moved.refresh_from_db()
    assert (gone.state, moved.state) == ("done", "done")
    assert not Event.objects.live().filter(source=shop, event_type=held).exists(), "what was moved was withdrawn, too"
    lifecycle.undo(gone, now=NOW, by=None)
    lifecycle.undo(moved, now=NOW, by=None)
    all_at_once(finished(gone), finished(moved), lambda: resettling.settle_all(now=NOW))
    gone.refresh_from_db()
    moved.refresh_from_db()
    assert (gone.restored, gone.state, moved.state) == (gone.changed, "undone", "undone")
    resettling.settle_all(now=NOW)
    scored()
    live = Event.objects.live().values("source", "message_hash").annotate(n=Count("id"))
    assert {row["n"] for row in live} == {1}
    assert len(live) == 6 * 20 * 3
    assert [str(difference) for difference in check().unexplained] == []
