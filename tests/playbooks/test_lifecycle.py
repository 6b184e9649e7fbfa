"""Tasks: made, changed, given, done, opened again. Done, a task is an event."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from customers.models import Act
from events.models import Event, EventType
from playbooks import lifecycle
from playbooks.models import Task, TaskChange, TaskKind, TaskState
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast

LATER = NOW + timedelta(hours=3)
TODAY = NOW.date()
DAY = timedelta(days=1)


def add(customer, title="Send the report", **fields):
    return lifecycle.add(customer, **{"title": title, "by": None, "now": NOW, **fields})


def told(customer):
    events = Event.objects.live().filter(customer=customer)
    return list(events.values_list("event_type__name", flat=True))


def stored(task):
    return Task.objects.get(customer=task.customer_id, id=task.id)


def test_a_task_says_what_for_whom_by_when_and_who_made_it(acme, ada, joe):
    task = add(acme, kind=TaskKind.CALL, contact=joe, assignee=ada, due_on=TODAY, by=ada)
    found = stored(task)
    assert (found.title, found.kind, found.contact, found.assignee) == ("Send the report", "call", joe, ada)
    assert (found.due_on, found.created_by, found.created_at, found.state) == (TODAY, ada, NOW, TaskState.OPEN)


def test_a_task_says_something(acme):
    with pytest.raises(lifecycle.Refused):
        add(acme, title="  \n ")


def test_a_task_open_is_no_event_and_one_done_is_one(acme, ada):
    task = add(acme)
    assert told(acme) == []
    done = lifecycle.finish(task, by=ada, now=LATER, outcome=" Sent. ")
    assert (done.state, done.outcome, done.closed_at, done.closed_by) == (TaskState.DONE, "Sent.", LATER, ada)
    [event] = Event.objects.live().filter(customer=acme)
    assert (event.event_type.name, event.occurred_at) == ("Task done", LATER)
    assert event.properties == {"task": "Send the report", "author": "Ada"}


@pytest.mark.parametrize(
    ("kind", "name", "is_touch"),
    [
        (TaskKind.CALL, "Task done: call", True),
        (TaskKind.MEETING, "Task done: meeting", True),
        (TaskKind.MAIL, "Task done: email", True),
        (TaskKind.OTHER, "Task done", False),
    ],
)
def test_what_reached_the_customer_is_a_touch_and_all_are_interventions(acme, kind, name, is_touch):
    lifecycle.finish(add(acme, kind=kind), by=None, now=LATER)
    assert told(acme) == [name]
    event_type = EventType.objects.get(name=name)
    assert (event_type.is_touch, event_type.is_intervention, event_type.is_activity) == (is_touch, True, False)


def test_where_a_note_tells_of_the_call_the_task_is_no_second_touch(acme):
    lifecycle.finish(add(acme, kind=TaskKind.CALL), by=None, now=LATER, note=uuid4())
    assert told(acme) == ["Task done"]


def test_the_second_to_finish_is_told_who_did_and_when(acme, ada, bob):
    task = add(acme)
    lifecycle.finish(task, by=ada, now=LATER)
    with pytest.raises(lifecycle.AlreadyClosed, match=r"Ada has finished this task \(15 Jun 2026, 15:00"):
        lifecycle.finish(task, by=bob, now=LATER + DAY)
    assert stored(task).closed_by == ada
    assert told(acme) == ["Task done"]


def test_opened_again_its_event_is_withdrawn_and_done_again_it_is_told_again(acme, ada):
    task = add(acme)
    lifecycle.finish(task, by=ada, now=LATER, outcome="Sent.")
    lifecycle.reopen(task, by=ada, now=LATER + DAY)
    opened = stored(task)
    assert (opened.state, opened.outcome, opened.closed_at, opened.closed_by) == (TaskState.OPEN, "", None, None)
    assert told(acme) == []
    assert Act.objects.get(customer=acme).detail["events"] == 1
    lifecycle.finish(task, by=ada, now=LATER + 2 * DAY)
    assert told(acme) == ["Task done"]


def test_what_is_open_cannot_be_opened(acme):
    with pytest.raises(lifecycle.Refused, match="is open"):
        lifecycle.reopen(add(acme), by=None, now=LATER)


def test_a_cancelled_task_tells_nothing(acme, ada):
    task = lifecycle.cancel(add(acme), by=ada, now=LATER, outcome="Not needed")
    assert (task.state, task.closed_by, told(acme)) == (TaskState.CANCELLED, ada, [])
    with pytest.raises(lifecycle.AlreadyClosed, match="Ada has cancelled"):
        lifecycle.finish(task, by=None, now=LATER)


def test_a_change_is_kept_with_who_made_it(acme, ada, bob):
    task = add(acme, assignee=ada, due_on=TODAY)
    lifecycle.change(task, by=bob, now=LATER, due_on=TODAY + DAY, title="Send the report")
    lifecycle.give(task, to=bob, by=ada, now=LATER + DAY)
    assert stored(task).assignee == bob
    assert list(TaskChange.objects.order_by("at").values_list("by__name", "fields")) == [
        ("Bob", {"due_on": ["2026-06-15", "2026-06-16"]}),
        ("Ada", {"assignee_id": [ada.pk, bob.pk]}),
    ]


def test_what_is_done_is_not_changed(acme, ada):
    task = lifecycle.finish(add(acme), by=ada, now=LATER)
    with pytest.raises(lifecycle.AlreadyClosed):
        lifecycle.change(task, by=ada, now=LATER, title="Something else")


def test_a_task_cannot_be_given_to_who_cannot_do_it(acme, other):
    viewer = cast.colleague("Vera", Role.VIEWER)
    limited = cast.colleague("Lou", is_limited=True)
    gone = cast.colleague("Gus", is_active=False)
    for colleague in (viewer, limited, gone):
        with pytest.raises(lifecycle.Refused, match=colleague.name):
            add(acme, assignee=colleague)
        with pytest.raises(lifecycle.Refused, match=colleague.name):
            lifecycle.give(add(acme), to=colleague, by=None, now=NOW)


def test_a_task_is_with_a_contact_of_its_customer(other, joe):
    with pytest.raises(lifecycle.Refused, match="Joe is not a contact"):
        add(other, contact=joe)


def test_a_suggestion_is_one_task_while_that_is_open(acme, other, ada):
    first = add(acme, suggestion="renewal")
    assert add(acme, "Renew", suggestion="renewal").id == first.id
    assert add(other, suggestion="renewal").id != first.id
    lifecycle.finish(first, by=ada, now=LATER)
    assert add(acme, suggestion="renewal").id != first.id


def test_reads_speak_the_language_of_the_page(acme, other, ada, bob):
    limited = cast.colleague("Lou", is_limited=True)
    acme.second_owner = limited
    acme.save()
    add(acme, "Late", due_on=TODAY - DAY, assignee=ada)
    add(acme, "Now", due_on=TODAY, assignee=bob)
    add(acme, "Some day", assignee=ada)
    add(other, "Foreign", due_on=TODAY)
    lifecycle.finish(add(acme, "Done", due_on=TODAY - DAY, assignee=ada), by=ada, now=NOW)

    def titles(found):
        return [task.title for task in found.soonest_first()]

    assert sorted(titles(Task.objects.visible_to(limited))) == ["Done", "Late", "Now", "Some day"]
    assert titles(Task.objects.visible_to(limited).open()) == ["Late", "Now", "Some day"]
    assert sorted(titles(Task.objects.due(TODAY))) == ["Foreign", "Late", "Now"]
    assert titles(Task.objects.overdue(TODAY)) == ["Late"]
    assert titles(Task.objects.assigned_to(ada).open()) == ["Late", "Some day"]
    assert titles(Task.objects.done()) == ["Done"]
    next_ones = Task.objects.next_of_each([acme.pk, other.pk])
    assert [(task.customer, task.title) for task in next_ones] == [(acme, "Late"), (other, "Foreign")]


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "done"},
        {"closed_at": NOW},
        {"outcome": "Sent"},
        {"state": "asleep"},
        {"kind": "party"},
        {"title": ""},
        {"position": 1},
        {"checklist": uuid4()},
    ],
)
def test_the_database_refuses_a_task_that_contradicts_itself(acme, fields):
    task = add(acme)
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(customer=acme, id=task.id).update(**fields)
