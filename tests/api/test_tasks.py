"""Tasks through the API: the page's filter, and one verb for each change."""

import pytest

from customers import lifecycle
from events.models import Event
from playbooks.models import Task
from tests.pages import cast


@pytest.fixture
def acme(begun, api):
    from tests.conftest import NOW

    return lifecycle.upsert([{"company_id": "acme", "name": "Acme"}], now=NOW, by=None)["acme"]


def test_a_task_is_made_listed_changed_finished_and_opened_again(api, acme):
    made = api.post("tasks/", {"customer_id": acme, "title": "Send the report", "due_on": "2026-06-20"})
    assert made.status_code == 201
    task = made.json()
    assert (task["state"], task["kind"], task["assignee_id"], task["created_by_id"]) == ("open", "other", None, None)
    address = f"customers/{acme}/tasks/{task['id']}/"
    assert api.get(address).json() == task
    assert api.patch(address, {"kind": "mail", "due_on": None}).json()["due_on"] is None
    done = api.post(f"{address}finish/", {"outcome": "Sent."}).json()
    assert (done["state"], done["outcome"], done["closed_by_id"]) == ("done", "Sent.", None)
    assert Event.objects.live().get(customer=acme).event_type.name == "Task done: email"
    again = api.post(f"{address}finish/", {})
    assert (again.status_code, again.json()["code"]) == (409, "already_closed")
    assert api.post(f"{address}reopen/", {}).json()["state"] == "open"
    assert not Event.objects.live().filter(customer=acme).exists()
    assert api.post(f"{address}reopen/", {}).status_code == 400
    assert api.post(f"{address}cancel/", {}).json()["state"] == "cancelled"
    assert api.patch(address, {"title": "x"}).status_code == 409


def test_the_list_takes_the_filters_of_the_page(api, acme):
    for title, day in (("Now", "2026-06-15"), ("Later", "2027-06-20")):
        api.post("tasks/", {"customer_id": acme, "title": title, "due_on": day})

    def titles(query):
        return [row["title"] for row in api.get(f"tasks/?{query}").json()["results"]]

    assert titles("") == ["Now", "Later"]
    assert titles("q=lat") == ["Later"]
    assert titles("state=done") == titles("assignee=me") == titles("assignee=team") == []
    assert titles("assignee=none&state=open") == ["Now", "Later"]
    assert api.get("tasks/?due=soon").status_code == 400
    assert api.get("tasks/?nothing=1").status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {"title": ""},
        {"title": "x", "kind": "party"},
        {"title": "x", "assignee_id": 999_999},
        {"title": "x", "contact_id": 999_999},
        {"title": "x", "state": "done"},
        {"title": "x", "due_on": "soon"},
        {},
    ],
)
def test_a_wrong_body_is_refused_and_nothing_is_made(api, acme, body):
    assert api.post("tasks/", {"customer_id": acme, **body}).status_code == 400
    assert not Task.objects.exists()


def test_a_task_of_a_customer_nobody_sees_is_not_there(api, begun):
    assert api.post("tasks/", {"customer_id": 999_999, "title": "x"}).status_code == 404


def test_who_cannot_do_it_is_not_given_it(api, acme):
    limited = cast.colleague("Lou", is_limited=True)
    answer = api.post("tasks/", {"customer_id": acme, "title": "x", "assignee_id": limited.pk})
    assert answer.status_code == 400
    assert "Lou cannot do tasks of this customer." in answer.content.decode()
