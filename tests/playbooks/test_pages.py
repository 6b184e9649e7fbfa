"""The pages of tasks and checklists: what a colleague sees, does in a row, and does without JavaScript."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from playbooks import checklists, lifecycle
from playbooks.models import Checklist, ChecklistTemplate, Task, TaskState
from staff.models import Role, Team
from tests.conftest import NOW
from tests.pages import cast

TODAY = NOW.date()
DAY = timedelta(days=1)
HTMX = {"HX-Request": "true"}
SURE = {"sure": "yes"}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def page(ada):
    client = Client()
    client.force_login(ada)
    return client


def signed_in(colleague):
    client = Client()
    client.force_login(colleague)
    return client


def add(customer, title="Send the report", **fields):
    return lifecycle.add(customer, **{"title": title, "by": None, "now": NOW, **fields})


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def path(name, task):
    return reverse(f"playbooks:{name}", args=[task.customer_id, task.id])


def stored(task):
    return Task.objects.get(id=task.id)


def test_the_page_shows_my_open_tasks_the_earliest_first(page, acme, ada, bob):
    add(acme, "Second", assignee=ada, due_on=TODAY + DAY)
    add(acme, "First", assignee=ada, due_on=TODAY - DAY)
    add(acme, "Of Bob", assignee=bob, due_on=TODAY)
    lifecycle.finish(add(acme, "Finished", assignee=ada), by=ada, now=NOW)
    shown = text(page.get("/playbooks/"))
    assert shown.index(">First<") < shown.index(">Second<")
    assert "Of Bob" not in shown
    assert "Finished" not in shown
    assert "yesterday" in shown


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("due=overdue", {"Late"}),
        ("due=today", {"Now"}),
        ("due=week", {"Now", "Soon"}),
        ("due=later", {"Far"}),
        ("due=none", {"Some day"}),
        ("q=lat", {"Late"}),
        ("kind=call", {"Soon"}),
        ("state=done", {"Done"}),
        ("assignee=none", {"Nobody’s"}),
        ("assignee=team&state=any", {"Late", "Now", "Soon", "Far", "Some day", "Done", "Of Bob"}),
        ("assignee=anybody&state=cancelled", {"Cancelled"}),
    ],
)
def test_the_filter(page, acme, ada, bob, query, titles):
    for colleague in (ada, bob):
        colleague.teams.add(Team.objects.get_or_create(name="North")[0])
    eve = cast.colleague("Eve")
    for title, days, fields in [
        ("Late", -1, {}), ("Now", 0, {}), ("Soon", 6, {"kind": "call"}), ("Far", 7, {}), ("Some day", None, {}),
        ("Of Bob", 0, {"assignee": bob}), ("Nobody’s", 0, {"assignee": None}), ("Of Eve", 0, {"assignee": eve}),
    ]:  # fmt: skip
        due = None if days is None else TODAY + timedelta(days=days)
        add(acme, title, **{"assignee": ada, "due_on": due, **fields})
    lifecycle.finish(add(acme, "Done", assignee=ada), by=ada, now=NOW)
    lifecycle.cancel(add(acme, "Cancelled", assignee=eve), by=ada, now=NOW)
    rows = page.get(f"/playbooks/?{query}").context["page"].rows
    assert {task.title for task in rows} == titles


@pytest.mark.parametrize("query", ["due=soon", "assignee=0", "nothing=1", "state=asleep", "customer=x"])
def test_a_wrong_filter_shows_nothing_and_says_so(page, acme, ada, query):
    add(acme, assignee=ada)
    shown = text(page.get(f"/playbooks/?{query}"))
    assert "This filter is not valid" in shown
    assert "Send the report" not in shown


def test_who_sees_only_their_own_customers_sees_only_tasks_of_these(acme, other, ada):
    limited = cast.colleague("Lou", is_limited=True)
    mine, foreign = add(acme, "Mine"), add(other, "Foreign")
    acme.owner = limited
    acme.save()
    client = signed_in(limited)
    shown = text(client.get("/playbooks/?assignee=anybody&state=any"))
    assert "Mine" in shown
    assert "Foreign" not in shown
    assert client.get(path("task", mine)).status_code == 200
    for name in ("task", "task-row", "finish-task", "plan-task"):
        assert client.get(path(name, foreign)).status_code == 404
    for name in ("finish-task", "reopen-task", "cancel-task", "plan-task"):
        assert client.post(path(name, foreign), {**SURE, "outcome": ""}).status_code == 404
    assert stored(foreign).state == TaskState.OPEN
    assert client.post("/playbooks/tasks/new/", {"customer": other.pk, "title": "x"}).status_code == 404


def test_a_viewer_reads_and_changes_nothing(acme):
    task, client = add(acme), signed_in(cast.colleague("Vera", Role.VIEWER))
    assert "Send the report" in text(client.get("/playbooks/?assignee=anybody"))
    assert "<form" not in text(client.get(path("task", task))).partition('id="main"')[2].partition("<dialog")[0]
    for name in ("finish-task", "reopen-task", "cancel-task", "plan-task", "task"):
        client.post(path(name, task), {"title": "x", "outcome": "", "due_on": "", **SURE})
    assert (stored(task).state, stored(task).title) == (TaskState.OPEN, "Send the report")


def test_a_task_is_made_for_me_today_unless_i_say_otherwise(page, acme, ada, joe):
    form = page.get(f"/playbooks/tasks/new/?customer={acme.pk}").context["form"]
    assert (form["assignee_id"].value(), form["due_on"].value()) == (ada.pk, TODAY)
    data = {"customer": acme.pk, "title": "Call Joe", "kind": "call", "contact_id": joe.pk, "due_on": "2026-06-19"}
    response = page.post("/playbooks/tasks/new/", {**data, "assignee_id": ada.pk, "next": "/playbooks/?due=week"})
    assert (response.status_code, response["Location"]) == (302, "/playbooks/?due=week")
    made = Task.objects.get()
    assert (made.title, made.contact, made.assignee, made.created_by) == ("Call Joe", joe, ada, ada)


def test_the_customer_is_asked_for_by_name_where_the_address_names_none(page, acme):
    assert "Acme" in text(page.get("/playbooks/tasks/new/"))
    assert page.get("/playbooks/tasks/new/?name=acme")["Location"] == f"/playbooks/tasks/new/?customer={acme.pk}"
    assert "no customer of this name" in text(page.get("/playbooks/tasks/new/?name=Nobody"))


def test_a_contact_of_another_customer_is_no_choice(page, other, joe):
    data = {"customer": other.pk, "title": "Call", "kind": "call", "contact_id": joe.pk, "assignee_id": ""}
    assert "Select a valid choice" in text(page.post("/playbooks/tasks/new/", data))
    assert not Task.objects.exists()


def test_without_javascript_a_task_is_finished_on_a_page_of_its_own(page, acme, ada):
    task = add(acme, assignee=ada)
    assert "Outcome" in text(page.get(path("finish-task", task)))
    response = page.post(path("finish-task", task), {"outcome": "Sent."}, follow=True)
    assert "Done: Send the report" in text(response)
    assert (stored(task).state, stored(task).outcome, stored(task).closed_by) == (TaskState.DONE, "Sent.", ada)


def test_in_the_row_htmx_gets_the_form_then_the_row_as_it_is(page, acme, ada):
    task = add(acme, assignee=ada)
    assert text(page.get(path("finish-task", task), headers=HTMX)).strip().startswith("<tr")
    row = text(page.post(path("finish-task", task), {"outcome": ""}, headers=HTMX))
    assert "Open again" in row
    assert "Done: Send the report" in row
    row = text(page.post(path("reopen-task", task), SURE, headers=HTMX))
    assert "Reschedule" in row
    assert stored(task).is_open


def test_the_second_to_finish_reads_who_did(page, acme, bob):
    task = add(acme)
    lifecycle.finish(task, by=bob, now=NOW)
    assert "Bob has finished this task" in text(page.post(path("finish-task", task), {"outcome": ""}, headers=HTMX))
    assert "Bob has finished this task" in text(page.post(path("finish-task", task), {"outcome": ""}, follow=True))
    assert stored(task).closed_by == bob


def test_a_task_is_put_off_and_given_away_in_its_row(page, acme, ada, bob):
    task = add(acme, assignee=ada, due_on=TODAY)
    row = text(page.post(path("plan-task", task), {"due_on": "2026-06-18", "assignee_id": bob.pk}, headers=HTMX))
    assert "in 3 days" in row
    assert (stored(task).due_on, stored(task).assignee) == (TODAY + 3 * DAY, bob)


def test_who_cannot_do_it_is_refused_with_the_reason(page, acme):
    task = add(acme)
    limited = cast.colleague("Lou", is_limited=True)
    shown = text(page.post(path("plan-task", task), {"assignee_id": limited.pk, "due_on": ""}, headers=HTMX))
    assert "Lou cannot do tasks of this customer." in shown


def test_of_two_who_change_a_task_the_second_sees_what_the_first_changed(page, acme, ada, bob):
    task = add(acme, assignee=ada, due_on=TODAY)
    seen = page.get(path("plan-task", task)).context["form"]["seen"].value()
    lifecycle.change(task, by=bob, now=NOW, due_on=TODAY + DAY)
    shown = text(page.post(path("plan-task", task), {"seen": seen, "due_on": "2026-06-20", "assignee_id": ada.pk}))
    assert "“Due” was changed from" in shown
    assert stored(task).due_on == TODAY + DAY
    page.post(path("plan-task", task), {"seen": seen, "due_on": "2026-06-15", "assignee_id": bob.pk})
    assert (stored(task).due_on, stored(task).assignee) == (TODAY + DAY, bob), "each keeps what they changed"


def test_a_task_has_a_page_with_what_became_of_it(page, acme, ada, bob):
    task = add(acme, assignee=ada, due_on=TODAY, by=bob)
    page.post(path("task", task), {"title": "Send it", "kind": "mail", "due_on": "2026-06-16", "assignee_id": bob.pk})
    shown = text(page.get(path("task", task)))
    for words in ("Due: 15 Jun 2026 → 16 Jun 2026", "Assigned to: Ada → Bob", "Kind: To-do → E-mail", "Created"):
        assert words in shown


def test_a_task_done_can_be_read_and_opened_again(page, acme, ada):
    task = lifecycle.finish(add(acme, assignee=ada), by=ada, now=NOW, outcome="They liked it.")
    shown = text(page.get(path("task", task)))
    assert "They liked it." in shown
    assert "Add task" not in shown
    page.post(path("reopen-task", task), SURE)
    assert stored(task).is_open


def test_a_checklist_is_started_for_a_customer_and_followed(page, acme):
    checklists.ensure(NOW)
    template = ChecklistTemplate.objects.get(title="Save plan")
    assert "Save plan" in text(page.get("/playbooks/checklists/"))
    response = page.post("/playbooks/checklists/start/", {"customer": acme.pk, "template": template.pk})
    begun = Checklist.objects.get()
    assert response["Location"] == f"/playbooks/checklists/{acme.pk}/{begun.id}/"
    shown = text(page.get(response["Location"]))
    assert "Present the plan to the customer" in shown
    assert "0 of 4 done" in shown
    assert "0 of 4" in text(page.get("/playbooks/checklists/"))


def test_leads_make_and_change_templates(acme, bob, page):
    client = signed_in(bob)
    items = {"items-TOTAL_FORMS": 2, "items-INITIAL_FORMS": 0}
    items |= {"items-0-title": "Call", "items-0-kind": "call", "items-0-days": 1, "items-0-role": "owner"}
    items |= {"items-1-title": "", "items-1-kind": "other", "items-1-days": 0, "items-1-role": "owner"}
    form = {"title": "Greeting", "description": "", "is_offered": "on"}
    assert client.post("/playbooks/checklists/templates/new/", {**form, **items}).status_code == 302
    made = ChecklistTemplate.objects.get()
    assert list(made.items.values_list("position", "title", "days")) == [(1, "Call", 1)]
    address = f"/playbooks/checklists/templates/{made.pk}/"
    assert client.post(address, {**form, **items, "items-0-title": "Write"}).status_code == 302
    assert made.items.get().title == "Write"
    assert "at least one task" in text(client.post(address, {**form, **items, "items-0-title": ""}))
    assert page.get(address).status_code == 403
    assert client.post(f"{address}delete/", SURE).status_code == 302
    assert not ChecklistTemplate.objects.exists()


def test_an_empty_installation_says_how_tasks_come(page):
    assert "No open tasks of yours" in text(page.get("/playbooks/"))


@pytest.mark.parametrize("address", ["/playbooks/", "/playbooks/checklists/"])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    page, acme, other, ada, address, django_assert_max_num_queries
):
    checklists.ensure(NOW)
    for template in ChecklistTemplate.objects.all():
        for customer in (acme, other):
            checklists.begin(customer, template, by=ada, now=NOW)
    with django_assert_max_num_queries(7):
        page.get(address)
