"""Cells as people write them, read without guessing more than the file tells."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from customers.models import Stage
from imports.cells import values
from imports.cells.formats import Evidence, Formats
from imports.problems import Wrong

POINT, COMMA = Formats("dmy", "."), Formats("dmy", ",")
MONTHS_FIRST = Formats("mdy", ".")


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1200.50", "1200.50"), ("1.200,50", "1200.50"), ("1,200.50", "1200.50"), ("1 200,5", "1200.50"),
        ("1\u202f200,50 €", "1200.50"), ("$1,234,567", "1234567"), ("1.234.567,8", "1234567.80"), ("-3", "-3"),
        ("−3,5", "-3.50"), ("1'200.00", "1200"), ("0,123", "0.12"), (".5", "0.50"), ("83.33333333", "83.33"),
        ("2.345", "2.35"),
    ],
)  # fmt: skip
def test_amounts_are_read_however_they_are_written(cell, amount):
    assert values.amount(cell, POINT) == Decimal(amount)


def test_what_could_be_either_is_read_as_the_file_is():
    assert values.amount("1,234", POINT) == 1234
    assert values.amount("1,234", COMMA) == Decimal("1.23")
    assert values.amount("1.234", COMMA) == 1234


@pytest.mark.parametrize("cell", ["abc", "1,2,3", "1.23.456", "12,34.5,6", "1e5", "NaN", "--1", "9" * 13, "1,,2"])
def test_what_is_no_amount_is_refused(cell):
    with pytest.raises(Wrong):
        values.amount(cell, POINT)


@pytest.mark.parametrize("cell", ["31/01/2026", "31.1.2026", "31-01-26", "2026-01-31", "2026/01/31", "20260131",
                                  "2026-01-31T00:00:00Z", "2026-01-31 00:00"])  # fmt: skip
def test_days_are_read_however_they_are_written(cell):
    assert values.day(cell, POINT) == date(2026, 1, 31)


def test_the_order_of_day_and_month_is_the_files_but_points_put_the_day_first():
    assert values.day("01/02/2026", POINT) == date(2026, 2, 1)
    assert values.day("01/02/2026", MONTHS_FIRST) == date(2026, 1, 2)
    assert values.day("01.02.2026", MONTHS_FIRST) == date(2026, 2, 1)


@pytest.mark.parametrize("cell", ["31/02/2026", "13/13/2026", "yesterday", "2026", "1/2", "2026-01-31 noon"])
def test_what_is_no_day_is_refused(cell):
    with pytest.raises(Wrong):
        values.day(cell, POINT)


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("2026-01-31T14:30:00+02:00", datetime(2026, 1, 31, 12, 30, tzinfo=UTC)),
        ("2026-01-31 14:30", datetime(2026, 1, 31, 14, 30, tzinfo=UTC)),
        ("31/01/2026 2:30 pm", datetime(2026, 1, 31, 14, 30, tzinfo=UTC)),
        ("31.01.2026", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("2026-01-31", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("20260131", datetime(2026, 1, 31, 12, tzinfo=UTC)),
    ],
)
def test_a_time_without_a_zone_is_the_companys_and_a_day_alone_is_its_noon(cell, at, settings):
    assert values.moment(cell, POINT) == at
    settings.BUSINESS_TIME_ZONE = "America/Los_Angeles"
    assert values.moment(cell, POINT) == (at if "+" in cell else at + timedelta(hours=8))


@pytest.mark.parametrize(
    ("cell", "zone"),
    [
        ("0001-01-01 00:10", "Pacific/Auckland"),
        ("9999-12-31 23:50", "America/Los_Angeles"),
        ("9999-12-31T23:50", "America/Los_Angeles"),
    ],
)
def test_what_lies_beyond_the_calendar_for_its_zone_cannot_be_read(cell, zone, settings):
    settings.BUSINESS_TIME_ZONE = zone
    with pytest.raises(Wrong):
        values.moment(cell, POINT)


def test_a_choice_is_known_by_its_value_and_by_its_name_in_every_language():
    stage = values.choice(Stage)
    assert {stage(word, POINT) for word in ("churned", "Churned", "CHURNED")} == {"churned"}
    with pytest.raises(Wrong) as wrong:
        stage("gone", POINT)
    assert wrong.value.params == {"got": "gone", "known": ["trial", "active", "churned", "archived"]}


def test_what_no_column_describes_keeps_its_type_only_when_written_just_so():
    assert [values.typed(cell) for cell in ("5", "007", "1.50", "1.5", "true", "yes", "-3")] == [
        5, "007", "1.50", 1.5, True, "yes", -3,
    ]  # fmt: skip


def settled(days=(), amounts=(), chosen=None, before=None):
    evidence = Evidence()
    for cell in days:
        evidence.see_day(cell)
    for cell in amounts:
        evidence.see_amount(cell)
    return evidence.settle(chosen or {}, before or {})


def test_one_cell_that_can_be_read_one_way_only_decides_for_all():
    assert settled(days=["01/02/2026", "1/31/2026"])["day"] == "mdy"
    assert settled(days=["01/02/2026", "31/1/2026"])["day"] == "dmy"
    assert settled(amounts=["1,234", "5,50"])["decimal"] == ","
    assert settled(amounts=["1,234", "1,234,567"])["decimal"] == "."
    assert settled(days=["01/02/2026", "1/31/2026"], amounts=["1,234", "5,50"])["asked"] == {}


def test_where_nothing_decides_the_reader_is_asked_and_the_last_file_is_followed():
    guessed = settled(days=["01/02/2026"], amounts=["1,234"])
    assert (guessed["day"], guessed["decimal"]) == ("dmy", ".")
    assert guessed["asked"] == {"day": "01/02/2026", "decimal": "1,234"}
    assert settled(days=["01/02/2026"], before={"day": "mdy"})["day"] == "mdy"
    assert settled(days=["01/02/2026", "31/1/2026"], chosen={"day": "mdy"})["day"] == "mdy"


def test_the_same_day_and_month_ask_nothing():
    assert settled(days=["02/02/2026", "2026-01-31"])["asked"] == {}
