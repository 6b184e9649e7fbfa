"""French and Russian words are longer: the main pages still fit a phone of 360 px."""

import pytest

from tests.browser.test_first_pages import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/today/",
    "/at-risk/",
    "/customers/",
    "/customers/{customer}/",
    "/customers/{customer}/edit/",
    "/customers/views/",
    "/at-risk/resting/",
    "/contacts/",
    "/search/?q=fad",
    "/models/",
    "/imports/",
)


@pytest.mark.parametrize("language", ["fr", "ru"])
def test_no_main_page_scrolls_sideways(open_page, portfolio, language):
    page = open_page("/sign-in/")
    sign_in(page)
    origin = page.url.removesuffix("/at-risk/")
    page.context.add_cookies([{"name": "django_language", "value": language, "url": origin}])
    page.set_viewport_size({"width": 360, "height": 800})
    wide = []
    for path in PAGES:
        assert page.goto(origin + path.format(customer=next(iter(portfolio)))).status == 200
        assert page.locator("html").get_attribute("lang") == language
        if page.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
            wide.append(path)
    assert not wide
