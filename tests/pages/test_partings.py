"""The pages of shared ids: what was found, the question, the preview, the result."""

import pytest
from django.urls import reverse

from core.jobs import periodic
from customers.models import Act, Identity, SharedId, WrongId
from customers.people import shared
from events import ingest
from events.log import resettling
from events.models import Parting
from events.parting import lifecycle, work
from staff.models import Role
from tests.conftest import NOW
from tests.events.parting.steps import did
from tests.events.people import anonymous, company, group, user
from tests.pages import cast
from tests.queries import page_queries

LIST = "/partings/"


@pytest.fixture
def lea(begun, client):
    made = cast.colleague("Lea", Role.LEAD)
    client.force_login(made)
    return made


@pytest.fixture
def till(source):
    """Five devices at two companies, all sent as one user."""
    ingest.record([group("acme", 20, userId="till-7"), group("birch", 19, userId="till-7")], source=source, now=NOW)
    devices = enumerate(("acme", "acme", "birch", "birch", "birch"))
    ingest.record([did(n + 1, at, userId="till-7", anonymousId=f"d{n}") for n, at in devices], source=source, now=NOW)
    ingest.record([did(7, userId="till-7")], source=source, now=NOW)
    resettling.settle_all(now=NOW)
    return user("till-7")


@pytest.fixture
def seen(client, lea):
    def seen(path, status=200, **query):
        response = client.get(path, query)
        assert response.status_code == status
        return " ".join(response.content.decode().split())

    return seen


def page_of(job):
    return reverse("desk:parting", args=[job.pk])


def asked(client, till, by_what="device"):
    name = Identity.objects.get(kind="user", contact=till)
    client.post(reverse("desk:new-parting", args=[till.pk]), {"name": name.pk, "by_what": by_what})
    return Parting.objects.latest("pk")


def test_from_the_list_to_the_result(client, seen, till):
    assert "No shared ids" in seen(LIST)
    while shared.look(now=NOW):
        pass
    page = seen(LIST)
    name = Identity.objects.get(kind="user", contact=till)
    address = f"{reverse('desk:new-parting', args=[till.pk])}?name={name.pk}"
    assert "till-7" in page and f'href="{address}"' in page
    assert f'<option value="{name.pk}" selected>User id: till-7' in seen(address)
    job = asked(client, till)
    assert "The events are being counted" in seen(page_of(job))
    work.go_on(clock=lambda: NOW)
    page = seen(page_of(job))
    assert "5 people with 5 events" in page
    assert "Of 1 event nobody knows whose it is: it stays with the contact." in page
    assert "Nothing has changed yet." in page and "New messages then go by their device." in page
    d1 = Identity.objects.get(value="d1")
    client.post(reverse("desk:carry-out-parting", args=[job.pk]), {"rest_with": str(d1.pk), "puts_on_list": "on"})
    assert "0 of 5 events" in seen(page_of(job))
    work.go_on(clock=lambda: NOW)
    resettling.settle_all(now=NOW)
    page = seen(page_of(job))
    assert "4 events were told again." in page
    assert "1 event of which nobody knows whose it is stays with d1." in page
    assert "new messages go by their device." in page
    assert (anonymous("d1"), anonymous("d0").customer) == (till, company("acme"))
    assert WrongId.objects.get().by.name == Act.objects.filter(kind="part").first().by.name == "Lea"
    assert "Part “till-7” by device" in seen(LIST)


def test_left_off_the_list_of_wrong_ids_the_page_says_so(client, seen, till):
    job = asked(client, till)
    work.go_on(clock=lambda: NOW)
    client.post(reverse("desk:carry-out-parting", args=[job.pk]), {"rest_with": "contact"})
    work.go_on(clock=lambda: NOW)
    assert "the next message that has it beside a device joins them again." in seen(page_of(job))
    assert not WrongId.objects.exists()


def test_where_nothing_tells_them_apart_there_is_no_button(client, seen, till):
    job = asked(client, till, "email")
    work.go_on(clock=lambda: NOW)
    page = seen(page_of(job))
    assert "Nothing tells these people apart that way." in page and "Carry out" not in page


def test_an_anonymous_id_is_one_device(client, seen, till):
    device = Identity.objects.get(value="d1")
    response = client.post(reverse("desk:new-parting", args=[till.pk]), {"name": device.pk, "by_what": "device"})
    assert response.status_code == 400
    assert "An anonymous id is one device itself" in response.content.decode()


def test_a_stopped_one_can_no_longer_be_carried_out(client, seen, till):
    job = asked(client, till)
    client.post(reverse("desk:cancel-parting", args=[job.pk]))
    response = client.post(reverse("desk:carry-out-parting", args=[job.pk]), {}, follow=True)
    assert "This can no longer be carried out" in response.content.decode()
    assert "Nothing was changed." in seen(page_of(job))
    response = client.post(reverse("desk:cancel-parting", args=[job.pk]), follow=True)
    assert "It finished before it could be cancelled." in response.content.decode()


def test_somebody_that_is_not_offered_is_refused(client, seen, till):
    job = asked(client, till)
    work.go_on(clock=lambda: NOW)
    client.post(reverse("desk:carry-out-parting", args=[job.pk]), {"rest_with": "999999"})
    job.refresh_from_db()
    assert job.state == "ready"


def test_looking_again_is_left_to_a_worker(client, seen):
    while shared.look(now=NOW):
        pass
    client.post(reverse("desk:look-for-shared-ids"))
    assert "Being looked for" in seen(LIST)
    assert not periodic.is_planned(shared.JOB, NOW.date().isoformat())


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CSM])
@pytest.mark.parametrize("is_limited", [False, True])
def test_who_is_neither_lead_nor_admin_is_refused(begun, client, till, role, is_limited):
    job = lifecycle.ask(Identity.objects.get(kind="user", contact=till), "device", now=NOW, by=None)
    work.go_on(clock=lambda: NOW)
    colleague = cast.colleague("Mo", role, is_limited=is_limited and role == Role.CSM)
    client.force_login(colleague)
    for path in (LIST, page_of(job), reverse("desk:new-parting", args=[till.pk])):
        assert client.get(path).status_code == 403
    for name in ("carry-out-parting", "cancel-parting"):
        assert client.post(reverse(f"desk:{name}", args=[job.pk])).status_code == 403
    assert client.post(reverse("desk:look-for-shared-ids")).status_code == 403
    assert client.post(reverse("desk:new-parting", args=[till.pk])).status_code == 403
    assert not Parting.objects.visible_to(colleague).exists() and not SharedId.objects.visible_to(colleague).exists()
    assert "Part people" not in client.get(reverse("desk:person", args=[till.pk])).content.decode()
    job.refresh_from_db()
    assert job.state == "ready"


def test_pages_cost_the_same_whatever_the_number(client, lea, till):
    while shared.look(now=NOW):
        pass
    job = asked(client, till)
    work.go_on(clock=lambda: NOW)
    queries = page_queries(client, LIST)
    assert (queries.view, queries.template) == (6, 0)
    queries = page_queries(client, page_of(job))
    assert (queries.view, queries.template) == (9, 0)
