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
def ada(begun):
    return cast.colleague("Ada", Role.ADMIN)


@pytest.fixture
def desk(client, ada):
    """A browser in which Ada, an admin, is signed in."""
    client.force_login(ada)
    return client
