"""Today as a colleague sees it: whom to look after, why, what is done, and what comes back."""

import re
from datetime import timedelta

import pytest
import time_machine

from customers.models import Customer, Following, Mark, Snooze
from playbooks.models import Task
from records import notes
from scoring.models import CurrentScore
from staff.models import TodayChoice
from tests.conftest import NOW
from tests.pages import cast
from tests.pages.cast import TODAY
from tests.pages.rows import known, names, shown, task

DAY = timedelta(days=1)
MARKER = "Zxqv Foreign"
QUERIES, OPENED = 26, 20  # the bell is two of each


@pytest.fixture
def acme(maya, client):
    client.force_login(maya)
    return known(cast.at_risk("Acme", owner=maya, health=4_000))


def test_the_start_leads_to_today(client, maya):
    client.force_login(maya)
    assert client.get("/")["Location"] == "/today/"


def test_it_shows_mine_and_says_why(page, maya):
    cast.at_risk("Acme", owner=maya, pays="500")
    cast.at_risk("Of somebody else", owner=cast.colleague("Jonas"))
    seen = page("/today/")
    assert names(seen) == ["Acme"]
    assert "Good afternoon, Maya." in seen
    assert "<strong>Health is low at 20</strong>" in seen
    assert "0 of 1 done" in seen


def test_overdue_tasks_come_first_then_urgency(page, maya):
    cast.at_risk("Small", owner=maya, pays="10")
    cast.at_risk("Large", owner=maya, pays="900")
    promised = cast.customer("Promised", owner=maya)
    task(promised, "Send the report", TODAY - DAY, assignee=maya)
    seen = page("/today/")
    assert names(seen) == ["Promised", "Large", "Small"]
    assert "<strong>Overdue since 14 Jun: Send the report</strong>" in seen


def test_a_task_of_mine_brings_a_customer_of_others_with_that_reason_alone(page, maya):
    theirs = cast.at_risk("Theirs", owner=cast.colleague("Jonas"))
    task(theirs, "Help out", TODAY, assignee=maya)
    seen = page("/today/")
    assert names(seen) == ["Theirs"]
    assert "health is low" not in seen


def test_my_team_and_following_are_remembered(client, maya, acme):
    other = cast.at_risk("Other", owner=cast.colleague("Jonas"))
    client.post(f"/today/{other.pk}/follow/", {"start": "yes"})
    assert Following.objects.get().colleague == maya
    client.post("/today/show/", {"whose": "following"})
    assert names(shown(client)) == ["Other"]
    assert names(shown(client, "/today/?show=mine")) == ["Acme"]
    assert TodayChoice.objects.get().whose == "following"
    client.post(f"/today/{other.pk}/follow/", {"stop": "yes"})
    assert "You follow no customers" in shown(client)


def test_a_row_is_done_when_it_is_marked_and_counts(client, acme):
    client.post(f"/today/{acme.pk}/handle/", {"sure": "yes"})
    seen = shown(client)
    assert "1 of 1 done" in seen
    assert names(seen, " round-line text-secondary") == ["Acme"]
    assert Snooze.objects.get().kind == "handled"
    assert Mark.objects.get().stood == [f"at-risk:{TODAY}"]


def test_a_logged_call_does_it_a_note_does_not(client, maya, acme):
    row = {"customer_id": acme.pk, "author_id": maya.pk, "text": "x", "at": NOW}
    notes.write([{**row, "kind": "note"}], now=NOW, by=maya)
    assert names(shown(client)) == ["Acme"]
    notes.write([{**row, "kind": "call"}], now=NOW, by=maya)
    assert names(shown(client)) == []
    assert "All done" in shown(client)


def test_a_finished_task_does_it(client, maya, acme):
    due = task(acme, "Report", TODAY, assignee=maya)
    client.post(f"/today/{acme.pk}/tasks/{due.id}/finish/", {"sure": "yes"})
    assert names(shown(client)) == []
    assert Task.objects.get().closed_by == maya


@pytest.mark.parametrize(("health", "is_back"), [(3_001, False), (3_000, True)])
def test_it_returns_when_health_falls_by_another_ten_points(client, acme, health, is_back):
    client.post(f"/today/{acme.pk}/handle/", {"sure": "yes"})
    CurrentScore.objects.update(health=health)
    assert bool(names(shown(client))) is is_back


def test_it_returns_with_a_new_reason(client, maya, acme):
    client.post(f"/today/{acme.pk}/handle/", {"sure": "yes"})
    task(acme, "Report", TODAY, assignee=maya)
    assert names(shown(client)) == ["Acme"]


def test_it_returns_after_two_weeks(client, maya, acme):
    client.post(f"/today/{acme.pk}/handle/", {"sure": "yes"})
    for days, rows in ((14, []), (15, ["Acme"])):
        with time_machine.travel(NOW + days * DAY, tick=False):
            client.force_login(maya)  # a session does not last as long
            assert names(shown(client)) == rows


def test_a_snooze_names_day_and_hour_and_ends_then(client, acme):
    assert "Tomorrow, Tue, 16 Jun 09:00" in shown(client, f"/today/{acme.pk}/")
    client.post(f"/today/{acme.pk}/snooze/", {"until": "tomorrow"})
    for hours, rows in ((20, []), (21, ["Acme"])):
        with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
            assert names(shown(client)) == rows


def test_put_off_three_times_it_rises_to_the_top_marked(client, maya, acme):
    large = cast.at_risk("Large", owner=maya, pays="9000")
    task(large, "Report", TODAY - DAY, assignee=maya)
    for days in range(3):
        with time_machine.travel(NOW + days * DAY, tick=False):
            client.post(f"/today/{acme.pk}/snooze/", {"until": "tomorrow"})
    with time_machine.travel(NOW + 3 * DAY, tick=False):
        seen = shown(client)
    assert names(seen) == ["Acme", "Large"]
    assert "put off 3 times" in seen


def test_what_was_done_is_undone(client, maya, acme):
    for act, data in (("handle", {"sure": "yes"}), ("snooze", {"until": "weeks"})):
        seen = " ".join(client.post(f"/today/{acme.pk}/{act}/", data, follow=True).content.decode().split())
        token = re.search(r'name="token" value="(.*?)"', seen)[1]
        client.post("/today/undo/", {"token": token})
        assert names(shown(client)) == ["Acme"]
        assert not Snooze.objects.exists()
    due = task(acme, "Report", TODAY, assignee=maya)
    seen = client.post(f"/today/{acme.pk}/tasks/{due.id}/finish/", {"sure": "yes"}, follow=True).content.decode()
    client.post("/today/undo/", {"token": re.search(r'name="token" value="(.*?)"', seen)[1]})
    assert Task.objects.get().is_open


def test_nobody_undoes_what_another_did_nor_later_than_two_minutes(client, acme):
    seen = client.post(f"/today/{acme.pk}/handle/", {"sure": "yes"}, follow=True).content.decode()
    token = re.search(r'name="token" value="(.*?)"', seen)[1]
    with time_machine.travel(NOW + timedelta(minutes=3), tick=False):
        client.post("/today/undo/", {"token": token})
    client.force_login(cast.colleague("Jonas"))
    client.post("/today/undo/", {"token": token})
    client.post("/today/undo/", {"token": "nonsense"})
    assert Mark.objects.count() == 1


def test_a_bulk_assignment_is_undone_where_nobody_went_on(client, maya, acme):
    other, jonas = cast.at_risk("Other", owner=maya), cast.colleague("Jonas")
    chosen = {"customers": [acme.pk, other.pk], "owner": jonas.pk}
    seen = client.post("/at-risk/assign/", chosen, follow=True).content.decode()
    Customer.objects.filter(pk=other.pk).update(owner=None)
    client.post("/today/undo/", {"token": re.search(r'name="token" value="(.*?)"', seen)[1]})
    assert dict(Customer.objects.values_list("name", "owner")) == {"Acme": maya.pk, "Other": None}


def test_of_two_people_at_one_row_the_second_is_told(client, maya, acme):
    client.post(f"/today/{acme.pk}/handle/", {"sure": "yes"})
    client.force_login(cast.colleague("Jonas"))
    seen = client.post(f"/today/{acme.pk}/snooze/", {"until": "weeks"}, follow=True).content.decode()
    assert "Maya was faster" in seen
    assert Mark.objects.get().kind == "handled"


def test_polling_brings_what_others_did_and_nothing_otherwise(client, acme):
    address = re.search(r'hx-get="(/today/\?show=mine&amp;known=\w+)"', shown(client))[1].replace("&amp;", "&")
    as_part = {"HX-Request": "true"}
    assert client.get(address, headers=as_part).status_code == 204
    client.post(f"/today/{acme.pk}/handle/", {"sure": "yes"})
    answer = client.get(address, headers=as_part)
    assert answer.content.decode().strip().startswith("<section")
    assert "1 of 1 done" in answer.content.decode()


def test_what_began_since_the_last_look_is_new(client, maya, acme):
    TodayChoice.objects.create(colleague=maya, seen_on=TODAY - DAY)
    assert "data-new" in shown(client)
    client.post("/today/seen/", {"day": TODAY.isoformat()})
    assert "data-new" in shown(client), "all day long"
    with time_machine.travel(NOW + DAY, tick=False):
        CurrentScore.objects.update(at_risk=False, renews_on=TODAY + 80 * DAY)
        assert "data-new" not in shown(client)
