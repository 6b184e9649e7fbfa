import pytest
from django.db import transaction

from customers import lifecycle
from imports.jobs import running
from imports.models import Import
from staff.models import Role
from tests.conftest import NOW
from tests.imports import steps
from tests.imports.many import checked, state
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


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 100)
    monkeypatch.setattr("imports.jobs.checking.CHUNK", 100)


@pytest.fixture
def undisturbed(lea, small_chunks):
    """What an import of a thousand rows leaves when nothing happens; then everything is taken away."""
    with transaction.atomic():
        done = steps.run(checked(1_000, lea))
        left = (done.written, state())
        transaction.set_rollback(True)
    return left
