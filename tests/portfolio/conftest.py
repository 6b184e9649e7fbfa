import pytest
import time_machine

from staff.models import User
from tests.conftest import NOW
from tests.portfolio import world


@pytest.fixture(autouse=True)
def _time_stands_still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def made(begun):
    """A portfolio of sixty customers."""
    world.make(1)


@pytest.fixture
def ada(made):
    return User.objects.get(name="Ada")


@pytest.fixture
def lou(made):
    """A colleague who sees only their own customers."""
    return User.objects.get(name="Lou")


@pytest.fixture
def page(client, ada):
    client.force_login(ada)

    def look(path: str, status: int = 200, **query: str) -> str:
        response = client.get(path, query)
        assert response.status_code == status, response.content[:500]
        return " ".join(response.content.decode().split())

    return look
