"""A workbook of several sheets: the first that has rows is offered, and another can be chosen before anything is in."""

import pytest

from core.jobs.leased import InvalidState
from customers.models import Customer
from imports import lifecycle
from imports.models import Import, StagedRow, State
from imports.problems import Unreadable
from tests.imports import steps
from tests.imports.files import csv_file, sheets, workbook
from tests.imports.test_pages import seen

pytestmark = pytest.mark.django_db
BOOK = sheets(
    {
        "Read me": [["A cover page"]],
        "Customers": [["Company id", "Name"], ["a", "Ann"], ["b", "Bob"]],
        "New ones & more": [["Firm", "Company id"], ["Cem", "c"], ["", "d"], ["", "e"]],
        "Empty": [],
    }
)


@pytest.fixture
def lead(client, lea):
    client.force_login(lea)
    return client


def upload(lea, body=BOOK):
    return steps.upload("customers", body, lea, "book.xlsx")


def test_the_first_sheet_with_rows_is_offered_and_named(lead, lea):
    job = upload(lea)
    assert (job.sheets, job.shape["sheet"]) == (["Read me", "Customers", "New ones & more", "Empty"], "Customers")
    page = seen(lead.get(f"/imports/{job.pk}/columns/"))
    assert "Sheet Customers" in page and "Ann" in page and "New ones & more" not in page.partition("book.xlsx")[0]


def test_another_sheet_is_chosen_checked_and_imported(lead, lea):
    job = steps.check(upload(lea))
    assert job.found == {"bad": 0, "new": 2}
    answer = lead.post(f"/imports/{job.pk}/sheet/", {"sheet": "New ones & more"})
    assert answer.headers["Location"] == f"/imports/{job.pk}/columns/"
    job = Import.objects.get()
    assert (job.state, job.headers, job.mapping, job.found) == (State.UPLOADED, ["Firm", "Company id"], [], {})
    assert not StagedRow.objects.exists()
    assert "Cem" in seen(lead.get(answer.headers["Location"]))
    job = steps.run(steps.check(job, ["name", "company_id"]))
    assert job.written == {"bad": 0, "new": 3}
    assert set(Customer.objects.values_list("name", flat=True)) == {"Cem", "d", "e"}
    assert "Sheet New ones & more" in seen(lead.get(f"/imports/{job.pk}/")).replace("&amp;", "&")


def test_an_empty_sheet_says_so_and_the_other_stays(lead, lea):
    job = upload(lea)
    page = seen(lead.post(f"/imports/{job.pk}/sheet/", {"sheet": "Empty"}, follow=True))
    assert "The file is empty." in page and "Sheet Customers" in page
    with pytest.raises(Unreadable):
        lifecycle.read_sheet(job, "Empty")


@pytest.mark.parametrize("name", ["", "Nothing", "1"])
def test_a_sheet_that_is_not_there_changes_nothing(lead, lea, name):
    job = steps.check(upload(lea))
    lead.post(f"/imports/{job.pk}/sheet/", {"sheet": name})
    assert Import.objects.values("state", "shape", "found").get() == {
        "state": State.CHECKED,
        "shape": job.shape,
        "found": job.found,
    }


def test_once_rows_are_in_the_sheet_is_settled(lea):
    job = steps.run(steps.check(upload(lea)))
    with pytest.raises(InvalidState):
        lifecycle.read_sheet(job, "New ones & more")


@pytest.mark.parametrize("body", [workbook([["Company id"], ["a"]]), csv_file("Company id", "a")])
def test_where_there_is_nothing_to_choose_nobody_is_asked(lead, lea, body):
    page = lead.get(f"/imports/{upload(lea, body).pk}/columns/")
    assert b"/sheet/" not in page.content and page.status_code == 200


def test_a_workbook_of_empty_sheets_is_refused(lea):
    with pytest.raises(Unreadable, match="empty"):
        steps.upload("customers", sheets({"One": [], "Two": []}), lea, "book.xlsx")
