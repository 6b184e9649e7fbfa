"""One URL, whole or in part; search and its palette; columns."""

import pytest

from scoring.models import ScoreHistory
from tests.pages import cast
from tests.pages.cast import score_fields


@pytest.fixture
def ask(client, maya):
    client.force_login(maya)
    return lambda path, **headers: client.get(path, headers=headers)


@pytest.mark.parametrize(
    "path", ["/customers/?health=red", "/search/?q=acme", "/customers/values/", "/at-risk/totals/"]
)
def test_a_part_for_htmx_and_the_whole_for_everybody_else(ask, path):
    cast.at_risk("Acme")
    part, whole = ask(path, hx_request="true"), ask(path)
    assert "<!DOCTYPE html>" not in part.content.decode()
    assert "<!DOCTYPE html>" in whole.content.decode()
    assert "Acme" in part.content.decode() or path.endswith(("/values/", "/totals/"))
    for response in (part, whole):
        assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("name", ["HX-Boosted", "HX-History-Restore-Request"])
def test_boosted_links_and_restored_history_need_the_whole(client, maya, name):
    client.force_login(maya)
    assert "<!DOCTYPE html>" in client.get("/customers/", headers={"HX-Request": "true", name: "true"}).content.decode()


def test_nothing_on_a_page_needs_what_the_policy_forbids(ask):
    cast.score(cast.customer("Acme", mrr=5))
    for path in ("/customers/", "/search/?q=acme", "/customers/views/"):
        seen = ask(path).content.decode()
        for forbidden in (" style=", " onclick=", "hx-on", "<script>", "javascript:", " js:"):
            assert forbidden not in seen


def test_a_search_finds_customers_places_and_views(page, maya):
    cast.customer("Global Holding", owner=maya)
    cast.customer("Globex")
    cast.customer("Initech")
    seen = page("/search/", q="globx")
    assert "<bdi>Globex</bdi>" in seen
    assert "Initech" not in seen
    assert "My customers at risk" in page("/search/", q="risk")
    assert "All customers" in page("/search/")
    assert "Nothing matches “zzzz”" in page("/search/", q="zzzz")


@pytest.mark.parametrize("text", ["\0", "%", "_", "'", "x" * 5_000, "<script>alert(1)</script>", " "])
def test_a_search_for_anything_is_answered(page, text):
    assert "<script>alert" not in page("/search/", q=text)


def test_columns_are_chosen_in_the_address_and_keep_their_order(page):
    cast.customer("Acme", plan="Business", industry="Energy")
    seen = page("/customers/?columns=industry&columns=plan")
    assert seen.index('data-label="Plan"') < seen.index('data-label="Industry"')
    assert 'data-label="MRR"' not in seen
    assert '<input type="hidden" form="filter" name="columns" value="plan">' in seen


def test_a_trend_is_said_in_words(page):
    acme = cast.customer("Acme")
    cast.score(acme, engagement=4_000)
    fields = {key: value for key, value in score_fields().items() if hasattr(ScoreHistory, key)}
    for day, engagement in (("2026-06-10", 6_200), ("2026-06-14", 3_800)):
        ScoreHistory.objects.create(customer=acme, day=day, **{**fields, "engagement": engagement})
    assert "Engagement in 30 days: from 62 to 40, lowest 38, highest 62" in page("/customers/")
