import pytest

from customers import lifecycle
from tests.conftest import NOW


@pytest.fixture
def acme(begun):
    """A customer of the id `acme`."""
    return lifecycle.upsert([{"company_id": "acme", "name": "Acme", "mrr": 1000}], now=NOW)["acme"]
