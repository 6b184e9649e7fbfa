"""What the product is for, from signing in to the end: by mouse, and by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from scoring.models import CurrentScore
from scoring.runs import run
from tests.browser.hands import Keyboard, Mouse

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[Mouse, Keyboard])
def hand(request, portfolio, open_page):
    return request.param(open_page())


def test_the_worst_customer_is_found_and_the_reason_understood(hand):
    hand.sign_in()
    main = hand.page.locator("main")
    worst = main.locator("tbody tr").first
    expect(worst).to_contain_text("Fading")
    expect(worst).to_contain_text(re.compile(r"engagement \d+ → \d+ in 14 days", re.IGNORECASE))
    hand.press("link", "Fading", within=main)
    expect(hand.page.get_by_role("heading", level=1)).to_contain_text("Fading")
    moved = hand.page.locator("#moved")  # which events it lost, and how many points each
    expect(moved).to_contain_text("Meeting held")
    lost = moved.locator("tbody tr", has_text="Meeting held").locator("td").last
    expect(lost).to_have_text(re.compile(r"^\s*[-−]\d"))


def test_a_weight_changed_in_the_admin_changes_a_profile(hand, portfolio):
    busy = next(customer for customer in portfolio.values() if customer.name == "Busy")
    before = CurrentScore.objects.get(customer=busy)
    page = hand.page
    hand.sign_in()
    hand.press("link", "Settings")
    hand.press("link", "Administration")
    hand.press("link", "Scoring models")
    hand.press("link", f"v{before.model_id}")
    hand.press("link", "Copy to a draft")
    hand.press("button", "Copy to a draft")
    expect(page.locator("body")).to_contain_text("This is your draft.")
    hand.write(page.locator("tr", has_text="Meeting held").first.locator("input[name$=points]"), "2")
    hand.press("button", "Save and continue editing")
    hand.press("link", "Publish")
    expect(page.locator("body")).to_contain_text("Meeting held, points: 8.00 → 2.00")
    hand.press("button", "Publish")
    expect(page.locator("body")).to_contain_text("All customers are rescored within a minute.")
    run.score_everyone(now=before.scored_at)  # as its bell does every few seconds
    after = CurrentScore.objects.get(customer=busy)
    assert after.engagement < before.engagement
    hand.press("link", "Customers")
    hand.press("link", "Busy", within=page.locator("main"))
    hand.press("link", "Score", within=page.locator("main"))
    expect(page.locator("main")).to_contain_text(f"v{after.model_id}")
    expect(page.locator("section[aria-labelledby=engagement] tfoot")).to_contain_text(f"{after.engagement / 100:.2f}")
    expect(page.locator("section[aria-labelledby=engagement] tr", has_text="Meeting held").first).to_contain_text(
        "2.00"
    )
