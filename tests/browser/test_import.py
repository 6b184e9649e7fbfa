"""Fifty customers by file, three of them wrong: put right and uploaded again, by mouse and by keyboard alone."""

import csv
import io
import re
import threading

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect

from customers.models import Customer
from imports.jobs import work
from tests.browser.hands import Keyboard, Mouse
from tests.browser.test_first_pages import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WRONG = {7: ("seats", "many"), 21: ("stage", "asleep"), 40: ("revenue", "12x")}


@pytest.fixture
def worker(portfolio):
    """A worker that goes on with imports, as Celery's would."""
    stop = threading.Event()

    def ring():
        while not stop.wait(0.2):
            work.go_on(clock=timezone.now)
        connection.close()

    thread = threading.Thread(target=ring)
    thread.start()
    yield
    stop.set()
    thread.join()


@pytest.fixture
def fifty(tmp_path):
    rows = [["Company id", "Name", "Stage", "Seats", "Monthly revenue"]]
    for i in range(50):
        bad = dict([WRONG[i]]) if i in WRONG else {}
        rows.append(
            [f"c{i}", f"Customer {i}", bad.get("stage", "active"), bad.get("seats", "5"), bad.get("revenue", "9.50")]
        )
    path = tmp_path / "fifty.csv"
    path.write_text("\n".join(map(",".join, rows)))
    return path


def put_right(path):
    """Do with the error file what a person does in a spreadsheet."""
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
    assert [row[-1].split(":")[0] for row in rows[1:]] == ["Seats", "Stage", "Monthly revenue"]
    for row, (column, value) in zip(rows[1:], ((3, "5"), (2, "active"), (4, "9.50")), strict=True):
        row[column] = value
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def bring(hand, path):
    """Upload a file and have it checked."""
    page = hand.page
    hand.choose_file(page.get_by_label("CSV or XLSX file"), path)
    hand.press("button", "Upload")
    expect(page.get_by_role("heading", level=1)).to_have_text("Match columns")
    hand.press("button", "Check the file")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check results", timeout=20_000)


def import_rows(hand, button):
    hand.press("button", button)
    expect(hand.page.get_by_role("heading", level=1)).to_have_text("Done", timeout=20_000)


@pytest.mark.parametrize("hands", [Mouse, Keyboard])
@pytest.mark.parametrize("width", [1440, 390])
def test_fifty_customers_three_wrong_put_right_and_uploaded_again(worker, open_page, fifty, tmp_path, hands, width):
    page = open_page(width=width, accept_downloads=True)
    hand = hands(page)
    hand.sign_in()
    page.goto(page.url.replace("/at-risk/", "/settings/"))
    hand.press("link", "Import a file")
    bring(hand, fifty)
    expect(page.locator("main")).to_contain_text("“many” must be a whole number")
    import_rows(hand, "Import 47 rows")
    with page.expect_download() as download:
        hand.press("link", "Download all")
    wrong = tmp_path / "wrong.csv"
    download.value.save_as(wrong)
    hand.press("link", "Upload another file")
    bring(hand, put_right(wrong))
    import_rows(hand, "Import 3 rows")
    assert Customer.objects.filter(name__regex=r"^Customer \d+$", seats=5, mrr="9.50", stage="active").count() == 50
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_an_import_needs_no_javascript(worker, open_page, fifty):
    page = open_page(java_script_enabled=False)
    sign_in(page)
    page.goto(re.sub(r"/at-risk/$", "/imports/new/", page.url))
    page.get_by_label("CSV or XLSX file").set_input_files(fifty)
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("button", name="Check the file").click()
    for button in (None, "Import 47 rows"):
        if button:
            page.get_by_role("button", name=button).click()
        for _ in range(40):
            again = page.get_by_role("link", name="Refresh")
            if not again.count():
                break
            assert re.match(r"Being checked|Running", page.get_by_role("heading", level=1).inner_text())
            again.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Done")
