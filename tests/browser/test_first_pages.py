"""What a newcomer does on the first day, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from scoring.models import CurrentScore
from tests.browser.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page):
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/today/$"))
    page.goto(page.url.replace("/today/", "/at-risk/"))


def hundredths(text):
    sign = -1 if text.strip()[0] in "-−" else 1
    return sign * round(float(re.sub(r"[^\d.]", "", text)) * 100)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_worst_customer_is_found_and_the_reason_understood(portfolio, open_page, width, scheme):
    page = open_page(width=width, color_scheme=scheme)
    sign_in(page)
    main = page.locator("main")
    expect(main).to_contain_text("Fading")
    expect(main).not_to_contain_text("Busy")
    expect(main).to_contain_text(re.compile(r"engagement \d+ → \d+ in 14 days", re.IGNORECASE))
    main.get_by_role("link", name="Fading").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Fading")
    expect(main).to_contain_text("Meeting held")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("language", ["fr-FR", "ru-RU"])
def test_longer_languages_fit_a_phone_too(portfolio, open_page, language):
    """A profile's sums are four columns of words."""
    page = open_page(width=390, locale=language)
    page.locator("[name=username]").fill("ada@example.com")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/today/$"))
    for path in ("/at-risk/", "/customers/", *(f"/customers/{pk}/" for pk in portfolio)):
        page.goto(re.sub("/(at-risk|today|customers)/.*", path, page.url))
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_contributions_add_up_to_the_score_on_the_page(portfolio, open_page):
    page = open_page()
    sign_in(page)
    busy = next(customer for customer in portfolio.values() if customer.name == "Busy")
    page.goto(page.url.replace("/at-risk/", f"/customers/{busy.pk}/score/"))
    table = page.locator("section[aria-labelledby=engagement] table").first
    cells = table.locator("tbody td.number:last-child").all_inner_texts()
    parts = [text for text in cells if text.strip()]  # days that make up a row stand below it, without a sum
    total = table.locator("tfoot tr :last-child").last.inner_text()
    assert sum(map(hundredths, parts)) == hundredths(total) == CurrentScore.objects.get(customer=busy).engagement
    expect(page.locator("main")).to_contain_text("Report created twice")  # seen, and not weighed yet


def test_pages_can_be_read_without_javascript(portfolio, open_page):
    page = open_page(java_script_enabled=False)
    sign_in(page)
    page.get_by_role("link", name="Customers", exact=True).click()
    expect(page.locator("main")).to_contain_text("Busy")
    page.locator("main").get_by_role("link", name="Busy").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Busy")
