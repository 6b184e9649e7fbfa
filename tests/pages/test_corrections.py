"""The pages of corrections: the question, the preview, its two buttons, the result."""

import pytest
from django.urls import reverse

from core.days import business_day
from events import ingest
from events.corrections import lifecycle, work
from events.models import Correction, Event, EventType, Source
from imports.models import Import, State
from scoring.runs import run
from staff.models import Role
from tests.conftest import NOW
from tests.events.people import company, group, track
from tests.pages import cast
from tests.queries import page_queries

LIST, NEW = "/corrections/", "/corrections/new/"


@pytest.fixture
def ada(begun, client):
    made = cast.colleague("Ada", Role.ADMIN)
    client.force_login(made)
    return made


@pytest.fixture
def acme(source):
    ingest.record(
        [group("acme", 90, userId="ann", traits={"name": "Acme"}), *(track(day, userId="ann") for day in (1, 2, 40))],
        source=source,
        now=NOW,
    )
    ingest.record([track(3, "Meeting held", userId="ann")], source=source, now=NOW)
    run.score_changed(now=NOW)
    return company("acme")


@pytest.fixture
def seen(client, ada):
    def seen(path, status=200, **query):
        response = client.get(path, query)
        assert response.status_code == status
        return " ".join(response.content.decode().split())

    return seen


def page_of(job):
    return reverse("desk:correction", args=[job.pk])


def worked():
    work.go_on(clock=lambda: NOW)
    return Correction.objects.get()


def test_from_the_question_to_the_undone_result(client, seen, acme, source):
    kind = EventType.objects.get(name="Report created")
    sent = {"source": source.pk, "event_type": kind.pk, "kind": "withdraw"}
    response = client.post(NEW, sent)
    job = Correction.objects.get()
    assert response["Location"] == page_of(job)
    assert "The events are being counted" in seen(page_of(job))
    work.go_on(clock=lambda: NOW)
    page = seen(page_of(job))
    # Two reports in the window, of 5 points each: of 1 and 2 days ago, halved after 15.
    assert "3 events of 1 customer, scores fall by" in page
    assert "Nothing has changed yet." in page
    client.post(reverse("desk:carry-out-correction", args=[job.pk]))
    assert "0 of 3 events" in seen(page_of(job))
    work.go_on(clock=lambda: NOW)
    assert "3 events were changed." in seen(page_of(job))
    assert Event.objects.live().count() == 1
    client.post(reverse("desk:undo-correction", args=[job.pk]))
    work.go_on(clock=lambda: NOW)
    assert "3 were changed back." in seen(page_of(job))
    assert Event.objects.live().count() == 4


def test_it_is_said_how_scores_change_on_average_and_at_most(seen, acme, ada):
    before = acme.score.engagement
    lifecycle.withdraw(customer=acme, event_type=EventType.objects.get(name="Meeting held"), now=NOW, by=ada)
    job = worked()
    run.score_changed(now=NOW)
    fall = f"{-job.effect['sum'] / 100:.2f}"
    assert 0 < float(fall) < before / 100
    page = seen(page_of(job))
    assert f"1 event of 1 customer, scores fall by {fall} on average" in page
    assert page.count(f"−{fall}") == 2


def test_a_customers_page_leads_to_the_question_about_that_customer(client, seen, acme):
    assert f'href="{NEW}?customer={acme.pk}"' in seen(reverse("desk:customer", args=[acme.pk]))
    page = seen(NEW, customer=acme.pk)
    assert "<bdi>Acme</bdi>" in page
    assert f'name="customer" value="{acme.pk}"' in page
    client.post(NEW, {"customer": acme.pk, "kind": "withdraw"})
    assert Correction.objects.get().customer == acme


def test_an_imports_page_leads_to_the_question_about_its_events(client, seen, acme, ada):
    job = Import.objects.create(
        kind="events", file_name="a.csv", size=1, created_at=NOW, state=State.DONE, written={"new": 1}
    )
    assert f'href="{NEW}?file={job.pk}"' in seen(reverse("imports:detail", args=[job.pk]))
    assert "<bdi>a.csv</bdi>" in seen(NEW, file=job.pk)
    client.post(NEW, {"file": job.pk, "kind": "withdraw"})
    asked = Correction.objects.get()
    assert (asked.file, asked.source.kind) == (job.pk, Source.Kind.IMPORT)
    assert "a.csv" in seen(page_of(asked))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"source": ""}, "Choose a source, or open a customer"),
        ({"kind": "remap"}, "Choose the event type they are to become."),
        ({"first_on": "2026-06-02", "last_on": "2026-06-01"}, "This day is before the first one."),
        ({"customer": "nobody", "source": ""}, "Choose a source, or open a customer"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_asked(client, ada, acme, source, wrong, said):
    response = client.post(NEW, {"source": source.pk, "kind": "withdraw", **wrong})
    assert response.status_code == 400
    assert said in response.content.decode()
    assert not Correction.objects.exists()


@pytest.mark.parametrize("chosen", ["nobody", "0", "9" * 30, "-1", ""])
def test_a_link_that_chooses_nobody_opens_the_plain_question(seen, acme, chosen):
    assert "Which events" in seen(NEW, customer=chosen, file=chosen, source=chosen)


def test_a_preview_without_events_offers_nothing_to_carry_out(seen, acme, ada):
    lifecycle.withdraw(customer=acme, last_on=business_day(NOW).replace(year=2020), now=NOW, by=ada)
    page = seen(page_of(worked()))
    assert "There is no such event." in page
    assert "Carry out" not in page


def test_records_and_answers_are_left_out_with_the_reason(seen, acme, ada):
    Event.objects.filter(event_type__name="Meeting held").update(flags=16)
    lifecycle.withdraw(customer=acme, now=NOW, by=ada)
    page = seen(page_of(worked()))
    assert "3 events of 1 customer" in page
    assert "1 more is told by invoices, tickets, answers and other records: change those instead." in page


def test_a_preview_can_be_cancelled_and_is_then_no_longer_carried_out(client, seen, acme, ada):
    lifecycle.withdraw(customer=acme, now=NOW, by=ada)
    job = worked()
    client.post(reverse("desk:cancel-correction", args=[job.pk]))
    assert "Nothing was changed." in seen(page_of(job))
    client.post(reverse("desk:carry-out-correction", args=[job.pk]))
    assert "This can no longer be carried out." in seen(page_of(job))
    client.post(reverse("desk:undo-correction", args=[job.pk]))
    assert "There is nothing to undo." in seen(page_of(job))


@pytest.mark.parametrize("role", [Role.LEAD, Role.CSM, Role.VIEWER])
def test_only_admins_correct_events(client, acme, role):
    client.force_login(cast.colleague("Other", role))
    job = lifecycle.withdraw(customer=acme, now=NOW, by=None)
    worked()
    for name in ("carry-out", "cancel", "undo"):
        assert client.post(reverse(f"desk:{name}-correction", args=[job.pk])).status_code == 403
    assert client.post(NEW, {"customer": acme.pk, "kind": "withdraw"}).status_code == 403
    assert Correction.objects.get().state == "ready"
    assert NEW not in client.get(reverse("desk:customer", args=[acme.pk])).content.decode()


def test_the_list_asks_as_often_for_many_as_for_one(client, ada, acme, source):
    lifecycle.withdraw(customer=acme, now=NOW, by=ada)
    one = page_queries(client, LIST)
    for _ in range(20):
        kind = EventType.objects.get(name="Meeting held")
        lifecycle.withdraw(source=source, event_type=kind, to_type=kind, now=NOW, by=cast.colleague(f"A{_}"))
    many = page_queries(client, LIST)
    assert one == many == (3, 0)
