"""A wrong file: what it brought is withdrawn, the right one is imported, and nothing is ever there twice."""

import pytest

from events.corrections import lifecycle
from events.models import Event, Seen, Source
from imports.models import Import
from staff.models import Role
from tests.conftest import NOW
from tests.events.corrections.steps import carried_out, person, stands, undone
from tests.events.people import company
from tests.imports import steps
from tests.pages import cast

WRONG = (
    b"Company id,Event,At,Event id\nacme,Meeting held,2026-06-01 12:00,e-1\nacme,Meeting held,2026-06-02 12:00,e-2\n"
)
RIGHT = b"Company id,Event,At,Event id\nacme,Report created,2026-06-01 12:00,e-1\n"


@pytest.fixture
def load(send):
    """Import a file of events, as a lead would."""
    send(person("acme"))
    lea = cast.colleague("Lea", Role.LEAD)

    def load(body):
        job = steps.run(steps.check(steps.upload("events", body, lea)))
        assert job.state == "done", job.problem
        return job

    return load


def withdrawn(job: Import):
    source = Source.objects.get(kind=Source.Kind.IMPORT)
    return lifecycle.withdraw(source=source, file=job.pk, now=NOW, by=None)


def live():
    return sorted(Event.objects.live().values_list("event_type__name", "day"))


def test_only_what_this_file_brought_is_withdrawn_and_its_ids_are_free(load):
    load(RIGHT.replace(b"e-1", b"e-9"))
    job = carried_out(withdrawn(load(WRONG)))
    assert job.changed == 2
    assert [name for name, _ in live()] == ["Report created"]
    assert Seen.objects.filter(source__kind="import").count() == 1


def test_the_right_file_comes_in_under_the_same_ids(load):
    carried_out(withdrawn(load(WRONG)))
    assert load(RIGHT).written["new"] == 1
    assert [name for name, _ in live()] == ["Report created"]


def test_undone_after_that_nothing_is_there_twice(load):
    job = carried_out(withdrawn(load(WRONG)))
    load(RIGHT)
    job = undone(job)
    assert (job.restored, job.skipped) == (1, 1), "e-2 comes back, e-1 is the right file's"
    assert [name for name, _ in live()] == ["Meeting held", "Report created"]
    assert sum(count for _, _, count, _ in stands("acme")["counts"]) == 2
    assert Event.objects.live().count() == Seen.objects.filter(source__kind="import").count()


def test_undone_it_cannot_be_imported_a_second_time(load):
    undone(carried_out(withdrawn(load(WRONG))))
    assert load(WRONG).written["same"] == 2
    assert len(live()) == 2
    assert company("acme")
