"""The customer list at work: filtering as one types, segments, acts on many, the palette, the theme."""

import re

import pytest
from playwright.sync_api import expect

from customers.models import Customer, Segment
from tests.browser.test_first_pages import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def to_the_list(page):
    """Go there, and wait until its scripts are: what is typed before them waits for Enter."""
    page.get_by_role("link", name="Customers", exact=True).click()
    expect(page).to_have_url(re.compile(r"/customers/$"))
    page.wait_for_load_state("load")


@pytest.fixture
def page(portfolio, open_page):
    page = open_page()
    sign_in(page)
    to_the_list(page)
    return page


def test_the_list_answers_while_one_types_and_the_address_says_what_is_shown(page):
    page.get_by_label("Name, domain, id or contact").press_sequentially("fadng")
    expect(page.get_by_role("link", name="Busy")).to_have_count(0)
    expect(page.get_by_role("link", name="Fading")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/customers/\?q=fadng$"))
    page.reload()
    expect(page.get_by_role("link", name="Fading")).to_be_visible()


def test_a_head_sorts_and_the_filter_keeps_the_order(page):
    page.get_by_role("link", name="MRR").click()
    expect(page).to_have_url(re.compile("sort=-mrr"))
    expect(page.locator("tbody th").first).to_have_text("Fading")
    page.locator("#id_stage").select_option("active")
    expect(page).to_have_url(re.compile(r"stage=active.*sort=-mrr"))


def test_going_back_shows_what_was_there(page):
    page.get_by_label("Name, domain, id or contact").press_sequentially("fading")
    expect(page.get_by_role("link", name="Busy")).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("link", name="Busy")).to_be_visible()


def test_a_question_is_saved_as_a_view_and_found_in_the_tabs(page):
    page.get_by_label("Name, domain, id or contact").press_sequentially("busy")
    expect(page).to_have_url(re.compile("q=busy"))
    page.get_by_text("Save segment").click()
    page.get_by_label("Name", exact=True).fill("The busy ones")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="The busy ones")).to_have_attribute("aria-current", "page")
    assert Segment.objects.get().query == {"q": "busy", "stage": "followed"}


def test_tags_are_changed_in_their_row_by_keyboard_and_undone(page):
    page.goto(page.url + "?columns=tags")
    page.get_by_role("row", name="Busy").get_by_title("Change the tags").press("Enter")
    expect(page.locator("tbody").get_by_role("textbox")).to_be_focused()
    page.keyboard.type("vip")
    page.keyboard.press("Enter")
    row = page.get_by_role("row", name="Busy")
    expect(row.get_by_title("Change the tags")).to_be_focused()
    expect(row.get_by_title("Change the tags")).to_have_text("vip")
    assert Customer.objects.get(name="Busy").tags == ["vip"]
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone.")).to_be_visible()
    assert Customer.objects.get(name="Busy").tags == []


def test_customers_are_put_into_groups_and_a_group_opened(page):
    page.get_by_label("In groups by").select_option("owner")
    expect(page).to_have_url(re.compile("group=owner"))
    page.locator("tbody th a").first.click()
    expect(page).to_have_url(re.compile("primary_owner="))
    expect(page.get_by_role("link", name="Busy")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_chosen_are_tagged(portfolio, open_page, javascript):
    page = open_page(java_script_enabled=javascript)
    sign_in(page)
    to_the_list(page)
    page.get_by_label("Select Busy").check()
    page.get_by_label("Bulk action").select_option("tag")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add which tag to 1 customer?")
    page.get_by_label("Tag", exact=True).fill("vip")
    page.get_by_role("button", name="Yes, change 1").click()
    expect(page.locator("main")).to_contain_text("1 customer changed.")
    assert Customer.objects.get(name="Busy").tags == ["vip"]


def test_the_palette_finds_a_customer_without_a_mouse(page):
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_contain_text("All customers")
    page.keyboard.type("fadng")
    expect(page.get_by_role("dialog")).to_contain_text("Fading")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Fading")


def test_the_search_is_a_page_without_javascript(portfolio, open_page):
    page = open_page(java_script_enabled=False)
    sign_in(page)
    page.get_by_role("link", name="Search").click()
    page.get_by_role("searchbox").fill("bussy")
    page.keyboard.press("Enter")
    page.locator("main").get_by_role("link", name="Busy").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Busy")


def test_the_theme_is_chosen_and_stays(page):
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Dark").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_a_part_that_does_not_load_is_said(page, complaints):
    page.route("**/customers/?q=**", lambda route: route.abort())
    page.get_by_label("Name, domain, id or contact").press_sequentially("fading")
    expect(page.get_by_role("alert")).to_contain_text("did not load")
    complaints.clear()


def test_nothing_jumps_when_the_list_is_filtered(page):
    before = page.locator("table").bounding_box()
    page.locator("#id_health").select_option("green")
    expect(page).to_have_url(re.compile("health=green"))
    after = page.locator("#found .card").first.bounding_box()
    assert (after["x"], after["y"], after["width"]) == pytest.approx(
        (before["x"] - 1, before["y"] - 1, before["width"] + 2), abs=2
    )
