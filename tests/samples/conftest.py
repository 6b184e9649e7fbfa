from datetime import date

import pytest

from samples.portfolio.check import months
from samples.portfolio.spec import Portfolio

LAST_DAY = date(2026, 6, 15)
MANY = 1_500


@pytest.fixture(scope="session")
def many():
    """The months in which the customers of a portfolio could leave; they are costly to tell."""
    return months(Portfolio(MANY, 400, 1, LAST_DAY))
