"""What moved between bands adds up: from then to today, by customers and by revenue."""

from decimal import Decimal

import pytest

from desk.portfolio.figures import BANDS, Cell, Figures
from tests.portfolio.test_sums import QUESTIONS, loaded, question


def cell(band_then, band, customers, then, now, **more):
    """Return customers that were in one band and are in another; "" for not there."""
    values = {
        "group": 0, "label": None, "is_followed": band != "", "band": band or None, "was_there": band_then != "",
        "band_then": band_then or None, "at_risk": False, "is_contacted": False, "customers": customers,
        "value": None if now is None else Decimal(now), "known": customers if now is not None else 0,
        "value_then": None if then is None else Decimal(then), "known_then": customers if then is not None else 0,
        "current_then": 0, "health": None, "judged": 0,
    }  # fmt: skip
    return Cell(**{**values, **more})


def test_a_portfolio_of_six_cells():
    figures = Figures(
        [
            cell("green", "green", 10, 1_000, 1_100),
            cell("green", "yellow", 3, 300, 300),
            cell("yellow", "green", 1, 50, 70),
            cell("", "green", 2, None, 40),
            cell("red", "", 1, 500, None),
            cell(None, "red", 1, None, 5),
        ]
    )
    assert figures.then()[:2] == (16, 1_850) and figures.then().unknown == 1
    assert figures.now()[:2] == (17, 1_515)
    assert (figures.new.revenue, figures.lost.revenue, figures.change_of_kept) == (40, 500, 125)
    assert [(flow.before, flow.after, flow.then.revenue, flow.now.revenue) for flow in figures.flows] == [
        ("red", "", 500, 0),
        ("green", "yellow", 300, 300),
        ("yellow", "green", 50, 70),
        ("", "green", 0, 40),
        (None, "red", 0, 5),
    ]


@pytest.mark.parametrize("fields", QUESTIONS)
def test_each_band_is_what_it_was_less_who_left_it_and_more_who_came(ada, fields):
    figures = loaded(ada, question(fields)).figures
    for band in BANDS:
        left = [flow.then for flow in figures.flows if flow.before == band]
        came = [flow.now for flow in figures.flows if flow.after == band]
        stayed = [
            cell
            for cell in figures.cells
            if cell.was_there and cell.is_followed and cell.band == cell.band_then == band
        ]
        kept = sum(cell.customers for cell in stayed)
        assert figures.band_then(band).customers == kept + sum(amount.customers for amount in left)
        assert figures.band_now(band).customers == kept + sum(amount.customers for amount in came)
        assert figures.band_then(band).revenue == sum(cell.then.revenue for cell in stayed) + sum(
            amount.revenue for amount in left
        )
        assert figures.band_now(band).revenue == sum(cell.now.revenue for cell in stayed) + sum(
            amount.revenue for amount in came
        )
    start = figures.then().revenue
    assert start + figures.new.revenue - figures.lost.revenue + figures.change_of_kept == figures.now().revenue


@pytest.mark.parametrize("split", ["owner", "plan", "industry", "country", "team"])
def test_the_rows_of_the_table_add_up_to_the_portfolio(ada, split):
    portfolio = loaded(ada, {"by": split})
    for name in ("at_risk", "new", "lost", "not_contacted"):
        whole, parts = getattr(portfolio.figures, name), [getattr(row.figures, name) for row in portfolio.groups]
        assert tuple(whole) == tuple(sum(column) for column in zip(*parts, strict=True))
