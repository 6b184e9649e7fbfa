"""The pages of an import, as a lead sees them."""

import csv
import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from core.jobs import leased
from customers.models import Customer
from imports import lifecycle
from imports.jobs import work
from imports.kinds import KINDS
from imports.models import Import, State
from imports.reading import limits
from tests.conftest import NOW
from tests.imports import steps
from tests.imports.files import csv_file

pytestmark = pytest.mark.django_db
BAD = csv_file("Company id;Name;Seats;Owner", "a;Ann;1;", "b;'=Bob;x;nobody@example.com", "c;Cem;2;")


@pytest.fixture(autouse=True)
def _time_stands_still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def lead(client, lea):
    client.force_login(lea)
    return client


def upload(client, body=BAD, kind="customers", name="customers.csv"):
    return client.post("/imports/new/", {"kind": kind, "file": SimpleUploadedFile(name, body)})


def seen(response, status=200):
    assert response.status_code == status, response.content[:300]
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def columns_form(client, path):
    """Return the choices of the columns page as the browser would send them."""
    html = client.get(path).content.decode()
    selects = re.findall(r'<select name="(.*?)"(.*?)</select>', html, re.S)
    return {name: (re.search(r'value="([^"]*)"\s+selected', body) or [None, ""])[1] for name, body in selects}


def gone_on(client, path):
    work.go_on(clock=lambda: NOW)
    return seen(client.get(path))


def test_a_file_goes_all_the_way(lead):
    path = upload(lead).headers["Location"]
    page = seen(lead.get(path))
    assert "Company id" in page and "Ann" in page
    form = columns_form(lead, path)
    assert form["column-0"] == "company_id" and form["column-3"] == "owner_id"
    detail = lead.post(path, form).headers["Location"]
    assert "The file is being read." in seen(lead.get(detail))
    assert f'<a class="btn" href="{detail}">Refresh</a>' in lead.get(detail).content.decode()
    page = gone_on(lead, detail)
    assert "Check results" in page and "Import 2 rows" in page
    assert "“x” must be a whole number" in page and "No colleague has the e-mail “nobody@example.com”" in page
    assert lead.post(f"{detail}start/").headers["Location"] == detail
    assert "1 of 3 rows" in seen(lead.get(detail)) and "Refresh" in seen(lead.get(detail))
    page = gone_on(lead, detail)
    assert "Done" in page and "Upload another file" in page
    assert set(Customer.objects.values_list("name", flat=True)) == {"Ann", "Cem"}


def test_the_error_file_put_right_and_uploaded_brings_in_the_rest(lead, lea):
    job = steps.run(steps.check(steps.upload("customers", BAD, lea)))
    answer = lead.get(f"/imports/{job.pk}/wrong-rows.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(text), delimiter=";")
    assert header == ["Company id", "Name", "Seats", "Owner", "What is wrong"]
    assert row[:4] == ["b", "'=Bob", "x", "nobody@example.com"]
    assert row[4].startswith("Seats: “x” must be a whole number")
    fixed = text.replace(";x;nobody@example.com", ";3;")
    path = upload(lead, fixed.encode()).headers["Location"]
    form = columns_form(lead, path)
    assert form["column-4"] == ""
    again = Import.objects.latest("pk")
    again = steps.run(steps.check(again, [form[f"column-{i}"] for i in range(5)]))
    assert (again.written, Customer.objects.filter(name="=Bob").count()) == ({"bad": 0, "new": 1}, 1)


def test_the_error_file_can_go_round_as_often_as_it_takes(lead, lea):
    body = BAD
    for _ in range(2):
        job = steps.upload("customers", body, lea)
        job = steps.check(job, ["company_id", "name", "seats", "owner_id", ""][: len(job.headers)])
        body = b"".join(lead.get(f"/imports/{job.pk}/wrong-rows.csv").streaming_content)
        assert body.decode().count("What is wrong") == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "The file is empty"),
        (b"id,id\na,b\n", "Columns 1 and 2 are both called “id”"),
        (b"PK\x03\x04", "This workbook cannot be opened"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(lead, body, said):
    assert said in seen(upload(lead, body), 400)
    assert not Import.objects.exists()


def test_a_file_beyond_the_limit_is_cut_off_and_refused(lead, monkeypatch):
    monkeypatch.setattr(limits, "MOST_BYTES", 1_000_000)
    monkeypatch.setattr("imports.views.uploading.MOST_BYTES", 1_000_000)
    assert "The file is larger than" in seen(upload(lead, b"x" * 3_000_000), 400)


def test_columns_that_are_missing_or_named_twice_are_asked_for(lead):
    path = upload(lead).headers["Location"]
    form = columns_form(lead, path)
    said = seen(lead.post(path, {**form, "column-0": ""}), 400)
    assert "Choose the column that identifies each row, one of these: “Company id”, “Rapport id”." in said
    said = seen(lead.post(path, {**form, "column-1": "company_id"}), 400)
    assert "Two columns mean “Company id”." in said
    path = upload(lead, csv_file("Company id,At", "acme,2026-01-01"), "events").headers["Location"]
    said = seen(lead.post(path, {**columns_form(lead, path), "history": "now"}), 400)
    assert "Choose the column that holds “Event”." in said


def test_the_page_says_that_no_worker_is_at_work_and_since_when(lead, lea):
    job = steps.upload("customers", BAD, lea)
    lifecycle.check(job, job.mapping, history=False, chosen={})
    assert "It waits for a worker." in seen(lead.get(f"/imports/{job.pk}/"))
    leased.claim(Import, now=NOW)
    page = seen(lead.get(f"/imports/{job.pk}/"))
    assert "It waits" not in page and "No progress" not in page
    with time_machine.travel(NOW + timedelta(seconds=40), tick=False):
        page = seen(lead.get(f"/imports/{job.pk}/"))
    assert "No progress since 15 Jun 2026, 12:00. If its worker was stopped, another goes on after" in page
    assert "after 15 Jun 2026, 12:02." in page


def test_history_is_asked_for_and_never_assumed(lead):
    path = upload(lead, csv_file("Company id,Event,At", "acme,X,2026-01-01"), "events").headers["Location"]
    assert "checked" not in lead.get(path).content.decode()
    assert "This field is required." in seen(lead.post(path, columns_form(lead, path)), 400)


def test_a_guess_is_said_and_can_be_turned_round(lead, lea):
    body = csv_file("Company id,Stage,Churned on", "a,churned,01/02/2026")
    job = steps.check(steps.upload("customers", body, lea))
    assert "“01/02/2026” was read day first" in seen(lead.get(f"/imports/{job.pk}/"))
    path = f"/imports/{job.pk}/columns/"
    lead.post(path, {**columns_form(lead, path), "day": "mdy"})
    assert "was read" not in gone_on(lead, f"/imports/{job.pk}/")


def test_cancelling_a_waiting_import_ends_it_and_it_can_be_gone_on_with(lead, lea):
    job = steps.check(steps.upload("customers", BAD, lea))
    path = f"/imports/{job.pk}/"
    lead.post(f"{path}start/")
    lead.post(f"{path}cancel/")
    page = seen(lead.get(path))
    assert "Cancelled" in page and "Resume the import" in page
    lead.post(f"{path}start/")
    assert "Done" in gone_on(lead, path)
    assert "It finished before it could be cancelled." in seen(lead.post(f"{path}cancel/", follow=True))


def test_a_template_of_each_kind_is_recognised_whole(lead):
    for kind in KINDS.values():
        body = b"".join(lead.get(f"/imports/templates/{kind.name}.csv").streaming_content)
        path = upload(lead, body, kind.name).headers["Location"]
        form = columns_form(lead, path)
        assert [form[f"column-{i}"] for i in range(len(kind.columns))] == [column.name for column in kind.columns]
    assert lead.get("/imports/templates/nothing.csv").status_code == 404


def test_pages_ask_the_same_for_one_row_and_for_hundreds(lead, lea, django_assert_num_queries):
    for number in (1, 300):
        job = steps.check(
            steps.upload("customers", csv_file("Company id,Seats", *(f"c{i},x" for i in range(number))), lea)
        )
        with django_assert_num_queries(5):  # the last is the bell's
            assert lead.get(f"/imports/{job.pk}/").status_code == 200
        with django_assert_num_queries(4):
            assert lead.get("/imports/").status_code == 200
    with django_assert_num_queries(4):
        b"".join(lead.get(f"/imports/{job.pk}/wrong-rows.csv").streaming_content)


def test_a_months_files_are_forgotten_and_the_report_stays(lead, lea):
    job = steps.run(steps.check(steps.upload("customers", BAD, lea)))
    assert lifecycle.forget_old(now=NOW + timedelta(days=29)) == 0
    assert lifecycle.forget_old(now=NOW + timedelta(days=31)) == 1
    assert "Done" in seen(lead.get(f"/imports/{job.pk}/"))
    assert Import.objects.get().state == State.DONE
