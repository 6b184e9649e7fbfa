"""A draft that is asked what it would change, and nothing kept from another test."""

import pytest

from scoring.model_versions import versions
from scoring.models import ScoringModel
from scoring.what_if.prepare import cache
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def admin(begun):
    return cast.colleague("Ada", Role.ADMIN)


@pytest.fixture
def draft(begun):
    return versions.draft_from(ScoringModel.objects.current(), now=NOW)
