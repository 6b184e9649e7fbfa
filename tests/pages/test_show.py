"""How values are said, by language."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from core.templatetags import show

TODAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("hundredths", "said"), [(4_999, "49"), (5_000, "50"), (-20, "−1"), (123_456, "1,234"), (None, "–")]
)
def test_a_whole_score_never_looks_better_than_its_band(hundredths, said):
    assert show.whole(hundredths) == said


def test_exact_scores_can_be_added_up():
    assert show.exact(-600) == "−6.00"


@pytest.mark.parametrize(("language", "said"), [("en", "€1,250"), ("fr", "1\u202f250\xa0€"), ("ru", "1\xa0250\xa0€")])
def test_money_is_said_as_the_reader_writes_it(language, said):
    with translation.override(language):
        assert show.money(Decimal("1249.50"), "EUR") == said
    assert show.money(None) == "–"


def test_negative_money_keeps_its_sign():
    assert show.money(Decimal(-5), "USD") == "−$5"


def test_yen_have_no_decimals_to_lose():
    assert show.money(Decimal(1200), "JPY") == "¥1,200"


@pytest.mark.parametrize(
    ("day", "said"),
    [(TODAY, "today"), (date(2026, 6, 14), "yesterday"), (date(2026, 6, 1), "14 days ago"), (None, "–")],
)
def test_days_ago(day, said):
    assert show.days_ago(day, TODAY) == said


@pytest.mark.parametrize(
    ("day", "said"), [(TODAY, "today"), (date(2026, 6, 16), "in 1 day"), (date(2025, 12, 10), "187 days ago")]
)
def test_a_day_ahead_that_has_passed_is_not_today(day, said):
    assert show.days_ahead(day, TODAY) == said


def test_russian_days_have_their_plural():
    with translation.override("ru"):
        assert show.days_ago(date(2026, 5, 25), TODAY) == "21\xa0день назад"
        assert show.days_ahead(date(2026, 6, 17), TODAY) == "через 2\xa0дня"
