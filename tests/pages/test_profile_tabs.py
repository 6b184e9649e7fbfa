"""The tabs of a customer's page: addresses of their own, the old ones kept, and nobody sees more by them."""

import re
from datetime import timedelta

import pytest

from playbooks import lifecycle
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast

TABS = {"": "Overview", "timeline/": "Timeline", "notes/": "Notes", "answers/": "Answers", "score/": "Score"}
TABS |= {"tasks/": "Tasks"}


@pytest.mark.parametrize("tab", TABS)
def test_each_tab_names_the_customer_and_marks_itself_alone(page, acme, tab):
    seen = page(f"/customers/{acme.pk}/{tab}")
    assert re.findall(r"<h1> <bdi>(.*?)</bdi> </h1>", seen) == ["Acme"]
    nav = re.search(r'<nav class="tabs" aria-label="About this customer">(.*?)</nav>', seen)[1]
    links = re.findall(r'<a href="([^"]*)"( aria-current="page")?>([^<]*)</a>', nav)
    assert links == [
        (f"/customers/{acme.pk}/{other}", ' aria-current="page"' if other == tab else "", label)
        for other, label in TABS.items()
    ]


@pytest.mark.parametrize(
    "query", ["channel=web", "person=7", "since=2026-06-01&until=2026-06-02", "cursor=x", "chanel=1"]
)
def test_the_timeline_is_found_under_its_old_address(client, acme, query):
    answer = client.get(f"/customers/{acme.pk}/?{query}")
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{acme.pk}/timeline/?{query}")


def test_days_to_compare_with_are_no_question_to_the_timeline(page, acme):
    assert "What changed in 30 days" in page(f"/customers/{acme.pk}/", against="30")


def test_nobody_reaches_by_a_tab_whom_they_may_not_see(client, acme):
    stranger = cast.colleague("Lim", Role.CSM, is_limited=True)
    client.force_login(stranger)
    for tab in (*TABS, "?channel=web"):
        answer = client.get(f"/customers/{acme.pk}/{tab}")
        assert answer.status_code == 404, tab
        assert "Acme" not in answer.content.decode(), tab


def test_tasks_are_everybodys_and_by_state(page, acme, maya):
    other = cast.customer("Other", owner=maya)
    jonas = cast.colleague("Jonas")
    tomorrow = cast.TODAY + timedelta(days=1)
    lifecycle.add(acme, title="Send the report", due_on=tomorrow, assignee=jonas, by=maya, now=NOW)
    done = lifecycle.add(acme, title="Call Ann", assignee=maya, by=maya, now=NOW)
    lifecycle.add(other, title="Not here", assignee=maya, by=maya, now=NOW)
    lifecycle.finish(done, by=maya, now=NOW)
    seen = page(f"/customers/{acme.pk}/tasks/")
    assert ("Send the report" in seen, "Call Ann" in seen, "Not here" in seen) == (True, False, False)
    seen = page(f"/customers/{acme.pk}/tasks/", state="done")
    assert ("Send the report" in seen, "Call Ann" in seen) == (False, True)
    # The customer stays the one of the address, whatever is asked for.
    assert "Not here" not in page(f"/customers/{acme.pk}/tasks/", customer=str(other.pk), state="any")


def test_a_bad_state_shows_no_task_and_says_so(page, acme, maya):
    lifecycle.add(acme, title="Send the report", assignee=maya, by=maya, now=NOW)
    for query in ({"state": "x"}, {"staet": "open"}):
        seen = page(f"/customers/{acme.pk}/tasks/", **query)
        assert "This filter is not valid, so nothing is shown." in seen
        assert "Send the report" not in seen


def test_who_only_reads_finds_no_button_in_a_tab(client, acme):
    client.force_login(cast.colleague("Vera", Role.VIEWER))
    for tab in TABS:
        seen = client.get(f"/customers/{acme.pk}/{tab}").content.decode()
        for address in ("/log/", "/override/", "/tasks/new/", "/checklists/start/"):
            assert address not in seen, (tab, address)
