"""What stands around the list of Today: buttons by reason and role, its rooms, its empty states, its queries."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Contact, Customer, Following, Mark
from playbooks.models import Task
from records import notes
from scoring.models import CurrentScore
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast
from tests.pages.cast import TODAY
from tests.pages.rows import answer, known, names, shown, task

DAY = timedelta(days=1)
MARKER = "Zxqv Foreign"
QUERIES, OPENED = 26, 20


@pytest.fixture
def acme(maya, client):
    client.force_login(maya)
    return known(cast.at_risk("Acme", owner=maya, health=4_000))


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
