"""A customer merged and the merge undone, by mouse and by keyboard alone; the pages pass axe and fit a phone."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from customers.curation import removals
from customers.models import Contact, Customer
from records import contacts
from tests.browser.axe import violations
from tests.browser.hands import Keyboard, Mouse
from tests.browser.test_first_pages import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[Mouse, Keyboard])
def hand(request, portfolio, open_page):
    return request.param(open_page())


def unfold(hand):
    """Open the menu of further acts."""
    summary = hand.page.locator("main summary", has_text="More").first
    if isinstance(hand, Keyboard):
        hand._reach(summary)
        hand.page.keyboard.press("Enter")
    else:
        summary.click()


def test_from_the_duplicate_to_the_undone_merge(hand):
    page, main = hand.page, hand.page.locator("main")
    hand.sign_in()
    hand.press("link", "Fading", within=main)
    unfold(hand)
    hand.press("link", "Merge…")
    hand.write(page.get_by_role("searchbox"), "Busy")
    hand.press("button", "Search", within=main)
    hand.press("link", "Busy", within=main)
    expect(main).to_contain_text("This one is merged into it")
    hand.press("button", "Merge them")
    expect(main).to_contain_text("“Busy” was merged into “Fading”.")
    hand.press("link", "Timeline", within=main)
    expect(page.locator("#timeline")).to_contain_text("Merged with Busy")
    hand.press("link", "Look at it : Merged with Busy", within=main)
    hand.press("link", "Undo…", within=main)
    expect(page.get_by_role("heading", level=1)).to_have_text("Undo this?")
    hand.press("button", "Undo")
    expect(main).to_contain_text("Undone.")
    assert Customer.objects.filter(name="Busy", merged_into=None).exists()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_pass_axe_and_fit(open_page, portfolio, width, scheme):
    page = open_page("/sign-in/", width=width, color_scheme=scheme)
    sign_in(page)
    start = page.url.split("/at-risk/")[0]
    busy, fading = (Customer.objects.get(name=name) for name in ("Busy", "Fading"))
    Customer.objects.filter(pk=busy.pk).update(plan="A plan of a long name", seats=12, domain="busy.example")
    ann, test = contacts.write(
        [{"customer_id": busy.pk, "user_id": name, "name": name} for name in ("Ann", "Test")], now=timezone.now()
    )
    somebody = Contact.objects.get(identities__value="fading-user")
    act = removals.contact(test, reason="A test of ours", now=timezone.now(), by=None)
    for address in (
        f"/customers/{fading.pk}/merge/?q=Busy",
        f"/customers/{fading.pk}/merge/?with={busy.pk}",
        f"/contacts/{somebody.pk}/merge/?with={ann.pk}",
        f"/contacts/{ann.pk}/move/?q=Fading",
        f"/contacts/{ann.pk}/move/?to={fading.pk}",
        f"/customers/{busy.pk}/delete/",
        "/deleted/",
        f"/acts/{act.pk}/undo/",
        f"/acts/{act.pk}/release/",
        f"/customers/{busy.pk}/acts/{act.pk}/",
    ):
        page.goto(start + address)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
