from datetime import date

import pytest

from samples.portfolio.check import months
from samples.portfolio.spec import Portfolio
from tests.sizes import sizes

LAST_DAY = date(2026, 6, 15)


@pytest.fixture(scope="session", params=sizes(400, 1_500))
def number(request):
    return request.param


@pytest.fixture(scope="session")
def many(number):
    """The months in which the customers of a portfolio could leave; they are costly to tell."""
    return months(Portfolio(number, 400, 1, LAST_DAY))
