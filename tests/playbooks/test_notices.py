"""Who is given a task, and who is mentioned in a note, reads it behind the bell, as long as it holds."""

import time_machine
from django.test import Client

from customers.models import Customer
from desk.log import mentions
from playbooks import checklists, lifecycle
from playbooks.models import ChecklistTemplate
from records.models import Note
from tests.conftest import NOW
from tests.core.notices.conftest import texts
from tests.pages import cast


def test_who_is_given_a_task_reads_what_and_by_whom_as_long_as_it_is_theirs_and_open(acme, ada, bob):
    task = lifecycle.add(acme, title="Send it", assignee=ada, by=bob, now=NOW)
    assert texts(ada) == ["Bob gave you a task: Send it"]
    lifecycle.give(task, to=bob, by=ada, now=NOW)
    assert (texts(ada), texts(bob)) == ([], ["Ada gave you a task: Send it"])
    lifecycle.finish(task, by=ada, now=NOW)
    assert texts(bob) == []


def test_nobody_is_told_of_their_own_task_or_of_one_that_was_only_put_off(acme, ada, bob):
    task = lifecycle.add(acme, title="Send it", assignee=ada, by=ada, now=NOW)
    lifecycle.change(task, due_on=NOW.date(), by=bob, now=NOW)
    assert texts(ada) == []


def test_a_checklist_is_one_notice(acme, ada, bob):
    checklists.ensure(NOW)
    checklists.begin(acme, ChecklistTemplate.objects.get(title="Renewal"), by=bob, now=NOW)
    assert texts(ada) == ["Bob gave you 4 tasks"]


def log(customer, by, text):
    client = Client()
    client.force_login(by)
    with time_machine.travel(NOW, tick=False):
        form = {"kind": "call", "text": text, "at": "2026-06-15T11:00"}
        assert client.post(f"/customers/{customer.pk}/log/", form).status_code == 302


def test_who_is_mentioned_in_a_note_is_told(acme, ada, bob):
    log(acme, bob, "They miss @Ada, says @Bob")
    assert (texts(ada), texts(bob)) == (["Bob mentioned you in a note on Acme"], [])
    Note.objects.all().delete()
    assert texts(ada) == []


def test_who_may_not_see_the_customer_is_not_told(acme, other, ada, bob):
    limited = cast.colleague("Lou", is_limited=True)
    log(other, bob, "Ask @Lou")
    assert texts(limited) == []
    Customer.objects.filter(pk=other.pk).update(second_owner=limited)
    log(other, bob, "Ask @lou again")
    assert texts(limited) == ["Bob mentioned you in a note on Other"]


def test_names_are_found_whole_longer_ones_first_and_first_names_that_one_has(begun):
    ann, ann_lee, joe = (cast.colleague(name) for name in ("Ann", "Ann-Lee", "Joe"))
    ann_lee.name = "Ann Lee"
    ann_lee.save()
    those = [ann, ann_lee, joe]
    assert mentions.named("@ann lee knows", those) == [ann_lee]
    assert mentions.named("@Joe, @Ann Lee", those) == [ann_lee, joe]
    assert mentions.named("joe@example.com @Joey @", those) == []
    assert mentions.named("@Ann", those) == [ann], "whose whole name it is"
