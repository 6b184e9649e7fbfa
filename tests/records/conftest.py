import pytest
import time_machine

from customers import lifecycle
from tests.conftest import NOW


@pytest.fixture
def acme(begun):
    """A customer of the id `acme`."""
    return lifecycle.upsert([{"company_id": "acme", "name": "Acme", "mrr": 1000}], now=NOW)["acme"]


@pytest.fixture
def time_stands_still():
    """Pages read the clock: it says NOW."""
    with time_machine.travel(NOW, tick=False):
        yield
