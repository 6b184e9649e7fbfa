import pytest
import time_machine

from customers import lifecycle
from customers.models import Customer
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast


@pytest.fixture(autouse=True)
def _time_stands_still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def maya(begun):
    """A customer success manager who sees everybody."""
    return cast.colleague("Maya", Role.CSM)


@pytest.fixture
def page(client, maya):
    """Open a page as Maya and return what she sees, with white space folded and tags kept."""
    client.force_login(maya)

    def look(path: str, status: int = 200, **query: str) -> str:
        response = client.get(path, query)
        assert response.status_code == status, response.content[:500]
        return " ".join(response.content.decode().split())

    return look


@pytest.fixture
def acme(maya, client):
    """A customer of Maya's, who is signed in."""
    client.force_login(maya)
    pk = lifecycle.upsert([{"company_id": "acme", "name": "Acme", "owner_id": maya.pk}], now=NOW)["acme"]
    return Customer.objects.get(pk=pk)
