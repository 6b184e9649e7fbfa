"""The documentation of the API, under our own content security policy."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATIENCE = 60_000  # milliseconds: it draws hundreds of addresses and shapes before it shows one


def test_the_documentation_shows_every_address_without_a_complaint(open_page):
    page = open_page("/api/docs/")
    expect(page.get_by_text("/api/v1/customers/by-id/{company_id}/").first).to_be_visible(timeout=PATIENCE)
    page.get_by_text("/api/v1/at-risk/").first.click()
    expect(page.get_by_text("most urgent first", exact=False).first).to_be_visible()
