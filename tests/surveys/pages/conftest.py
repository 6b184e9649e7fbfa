import pytest
import time_machine

from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast


@pytest.fixture(autouse=True)
def _time_stands_still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def colleagues(begun):
    roles = {"Ada": Role.ADMIN, "Lea": Role.LEAD, "Cem": Role.CSM, "Vera": Role.VIEWER}
    return {role.value: cast.colleague(name, role) for name, role in roles.items()}


@pytest.fixture
def as_lead(client, colleagues):
    client.force_login(colleagues["lead"])
    return client


def text(response, status=200):
    """Return what the page says, white space folded."""
    assert response.status_code == status, response.content[:2000]
    return " ".join(response.content.decode().split())
