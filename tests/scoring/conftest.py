"""Who is met in the tests of scores."""

import pytest

from staff.models import Role
from tests.pages import cast


@pytest.fixture
def ada(begun):
    """An admin."""
    return cast.colleague("Ada", Role.ADMIN)


@pytest.fixture
def maya(begun):
    """A customer success manager who sees everybody."""
    return cast.colleague("Maya", Role.CSM)


@pytest.fixture
def acme(begun):
    return cast.customer("Acme")
