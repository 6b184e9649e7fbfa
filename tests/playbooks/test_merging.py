"""Tasks follow when colleagues merge customers or contacts, and come back when that is undone."""

from datetime import timedelta

from customers.curation import merges, undoing
from customers.models import Contact
from events.models import Event
from playbooks import checklists, lifecycle
from playbooks.models import Checklist, ChecklistTemplate, Task, TaskChange, TaskKind
from tests.conftest import NOW

LATER = NOW + timedelta(hours=1)
TODAY = NOW.date()


def told(customer):
    return list(Event.objects.live().filter(customer=customer).values_list("event_type__name", "contact__name"))


def test_tasks_checklists_and_events_move_with_a_merge_and_back(acme, other, ada):
    checklists.ensure(NOW)
    checklists.begin(other, ChecklistTemplate.objects.get(title="Save plan"), by=ada, now=NOW)
    done = lifecycle.add(other, title="Send the report", by=ada, now=NOW)
    lifecycle.change(done, by=ada, now=NOW, due_on=TODAY)
    lifecycle.finish(done, by=ada, now=LATER)
    act = merges.customers(acme, other, wins=(), now=LATER, by=ada)
    assert set(Task.objects.values_list("customer__name", flat=True)) == {"Acme"}
    assert (Checklist.objects.get().customer, TaskChange.objects.first().customer) == (acme, acme)
    assert (told(acme), told(other)) == ([("Task done", None)], [])
    undoing.undo(act, now=LATER, by=ada)
    assert set(Task.objects.values_list("customer__name", flat=True)) == {"Other"}
    assert (told(acme), told(other)) == ([], [("Task done", None)])


def test_two_customers_with_a_task_of_the_same_suggestion_can_be_merged(acme, other, ada):
    for customer in (acme, other):
        lifecycle.add(customer, title="Renew", suggestion="renewal", by=ada, now=NOW)
    merges.customers(acme, other, wins=(), now=LATER, by=ada)
    assert Task.objects.filter(customer=acme, suggestion="renewal").count() == 2


def test_a_task_names_the_contact_that_counts_for_another(acme, joe, ada):
    kept = Contact.objects.create(customer=acme, name="Joseph", email="joseph@acme.example", created_at=NOW)
    task = lifecycle.add(acme, title="Call", kind=TaskKind.CALL, contact=joe, by=ada, now=NOW)
    act = merges.contacts(kept, joe, wins=(), now=LATER, by=ada)
    assert Task.objects.get().contact == kept
    undoing.undo(act, now=LATER, by=ada)
    assert Task.objects.get(id=task.id).contact == joe


def test_a_checklist_begun_is_tasks_in_order_due_by_days_from_the_start(acme, ada, bob):
    checklists.ensure(NOW)
    begun = checklists.begin(acme, ChecklistTemplate.objects.get(title="Renewal"), by=bob, now=NOW)
    tasks = checklists.tasks_of(begun)
    assert [(task.position, (task.due_on - TODAY).days, task.assignee) for task in tasks] == [
        (1, 3, ada), (2, 14, ada), (3, 30, ada), (4, 45, ada),
    ]  # fmt: skip


def test_without_an_owner_a_checklist_is_of_whoever_begins_it(other, bob):
    checklists.ensure(NOW)
    begun = checklists.begin(other, ChecklistTemplate.objects.get(title="Renewal"), by=bob, now=NOW)
    assert {task.assignee for task in checklists.tasks_of(begun)} == {bob}


def test_templates_that_were_changed_are_left_alone(begun):
    checklists.ensure(NOW)
    ChecklistTemplate.objects.filter(title="Renewal").delete()
    checklists.ensure(NOW)
    assert ChecklistTemplate.objects.count() == 2
