"""Today as a colleague sees it: whom to look after, why, what is done, and what comes back."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Contact, Customer, Following, Identity, IdentityKind, Mark, Snooze
from playbooks import lifecycle as tasks
from playbooks.models import Task
from records import notes
from scoring.models import CurrentScore
from staff.models import Role, TodayChoice
from surveys.models import Answer, Survey
from tests.conftest import NOW
from tests.pages import cast
from tests.pages.cast import TODAY

DAY = timedelta(days=1)
MARKER = "Zxqv Foreign"
QUERIES, OPENED = 26, 20  # the bell is two of each


@pytest.fixture
def acme(maya, client):
    client.force_login(maya)
    return known(cast.at_risk("Acme", owner=maya, health=4_000))


def known(customer):
    """Give it the name by which its own events find it."""
    Identity.objects.create(kind=IdentityKind.RAPPORT, value=str(customer.pk), customer=customer)
    return customer


def answer(customer, score, **fields):
    survey = Survey.objects.get_or_create(name="NPS", kind="nps", defaults={"created_at": NOW})[0]
    return Answer.objects.create(
        customer=customer, survey=survey, kind="nps", score=score, answered_at=NOW, via="api", **fields
    )


def task(customer, title, due, **fields):
    return tasks.add(customer, title=title, by=None, now=NOW, due_on=due, **fields)


def names(seen, state=""):
    """Return whom the list names, in its order."""
    return re.findall(rf'id="row-\d+" class="round-row{state}".*?<bdi>(.*?)</bdi>', seen)


def shown(client, path="/today/"):
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


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


def test_the_button_fits_the_reason(page, maya):
    unhappy, renewing = cast.customer("Unhappy", owner=maya), cast.customer("Renewing", owner=maya)
    answer(unhappy, 3, needs_care=True)
    cast.score(renewing, renews_on=TODAY + 90 * DAY)
    promised = cast.customer("Promised", owner=maya)
    task(promised, "Report", TODAY, assignee=maya)
    cast.at_risk("Fading", owner=maya)
    rows = page("/today/").split("<li id=")[1:]
    buttons = {names(f"<li id={row}")[0]: re.findall(r"row acts.*?</svg> ?(.*?) ?</", row)[0] for row in rows}
    assert buttons == {
        "Unhappy": "Follow up", "Renewing": "Open renewal", "Promised": "Task done", "Fading": "Log a call",
    }  # fmt: skip


def test_a_viewer_looks_and_does_nothing(client, acme):
    client.force_login(cast.colleague("Vera", Role.VIEWER))
    client.post("/today/show/", {"whose": "team"})
    assert "Mark as handled" not in shown(client, f"/today/{acme.pk}/")
    assert client.post(f"/today/{acme.pk}/handle/", {"sure": "yes"}).status_code == 403


def test_an_empty_installation_leads_on(client, maya):
    client.force_login(maya)
    assert "No customers yet" in shown(client)


def test_colleagues_without_customers_are_told_so(page):
    cast.at_risk("Acme", owner=cast.colleague("Jonas"))
    assert "You have no customers yet" in page("/today/")


def test_when_all_is_done_up_to_three_chances_are_left(client, maya):
    client.force_login(maya)
    for i in range(4):
        happy = cast.customer(f"Happy {i}", owner=maya)
        answer(happy, 9)
        client.post(f"/today/{happy.pk}/handle/", {"sure": "yes"})
    seen = shown(client)
    assert "All done" in seen
    assert seen.count("Promoter: NPS 9") == 3


def test_upcoming_has_snoozed_rows_and_tasks_by_their_day(client, maya, acme):
    task(acme, "Report", TODAY + 3 * DAY, assignee=maya)
    client.post(f"/today/{acme.pk}/snooze/", {"until": "weeks"})
    seen = shown(client, "/today/upcoming/")
    assert re.findall(r"<h2>([^<]*)</h2>", seen) == ["Thursday, 18 June 2026", "Monday, 29 June 2026"]
    client.post("/at-risk/wake/", {"customers": acme.pk})
    assert names(shown(client)) == ["Acme"]


def test_past_says_what_i_did_and_what_followed_by_one_version(client, acme):
    client.post(f"/today/{acme.pk}/handle/", {"sure": "yes"})
    CurrentScore.objects.update(health=5_200)
    seen = shown(client, "/today/past/")
    assert "Handled: <bdi>at risk</bdi>" in seen
    assert '<span class="under">+12</span>' in seen
    CurrentScore.objects.update(model_id=999)
    assert '<span class="under">+12</span>' not in shown(client, "/today/past/")


def test_a_limited_colleague_finds_nothing_foreign(client, maya):
    limited = cast.colleague("Lina", is_limited=True)
    own = cast.at_risk("Own", owner=limited)
    foreign = cast.at_risk(MARKER, owner=maya)
    Contact.objects.create(customer=foreign, name=f"{MARKER} contact", created_at=NOW)
    task(foreign, f"{MARKER} task", TODAY)
    Task.objects.update(assignee=limited)  # from when the customer was theirs
    Following.objects.create(customer=foreign, colleague=limited, since=NOW)
    Mark.objects.create(
        customer=foreign, kind="handled", reason=f"{MARKER} mark", at=NOW, by=limited, back_at=NOW + DAY
    )
    client.force_login(limited)
    pages = ["/today/", "/today/upcoming/", "/today/past/", f"/today/{own.pk}/"]
    pages += [f"/today/?show={whose}" for whose in ("mine", "team", "following")]
    for path in pages:
        assert MARKER not in shown(client, path), path
    for path in ("", "handle/", "snooze/", "follow/"):
        ask = client.post if path else client.get
        assert ask(f"/today/{foreign.pk}/{path}", {"until": "weeks"}).status_code == 404


def everything(maya, number):
    """Make customers of Maya's, each with every reason that can stand at once."""
    for i in range(number):
        customer = cast.at_risk(
            f"Customer {number}-{i}", owner=maya, stage="trial", renews_on=TODAY, engagement_band="power_user"
        )
        known(customer)
        Customer.objects.filter(pk=customer.pk).update(seats=1)
        contact = Contact.objects.create(customer=customer, name="Kim", created_at=NOW)
        task(customer, "Report", TODAY - DAY, assignee=maya)
        for score in (3, 9):
            answer(customer, score, contact=contact, needs_care=score == 3)
        cast.counted(customer, "Order completed", 40)
        row = {"customer_id": customer.pk, "author_id": maya.pk, "text": "x", "at": NOW - 20 * DAY, "kind": "call"}
        notes.write([row], now=NOW, by=maya)


def test_today_asks_as_often_for_five_rows_as_for_fifty(client, maya):
    client.force_login(maya)

    def asked(path):
        with CaptureQueriesContext(connection) as queries:
            seen = shown(client, path)
        return len(queries), len(names(seen))

    everything(maya, 5)
    first = Customer.objects.order_by("pk").first()
    assert asked("/today/") == (QUERIES, 5)
    one = asked(f"/today/{first.pk}/")[0]
    everything(maya, 45)
    assert asked("/today/") == (QUERIES, 50)
    assert asked(f"/today/{first.pk}/")[0] == one == OPENED
