import pytest

from customers import lifecycle
from imports.models import Import
from staff.models import Role
from tests.conftest import NOW
from tests.imports import steps
from tests.pages import cast


@pytest.fixture
def lea(begun):
    return cast.colleague("Lea", Role.LEAD)


@pytest.fixture
def acme(begun):
    """A customer of the id `acme`."""
    return lifecycle.upsert([{"company_id": "acme", "name": "Acme", "mrr": 1000}], now=NOW)["acme"]


@pytest.fixture
def bring(lea):
    """Import a file to its end, and return the import as it stands then."""

    def bring(kind, body, name="file.csv", **choices) -> Import:
        return steps.run(steps.check(steps.upload(kind, body, lea, name), **choices))

    return bring
