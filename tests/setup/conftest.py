"""Installations of their own: a data folder with a space in its path, and the real programs around it."""

import pytest

from tests.setup.installation import from_nothing


@pytest.fixture
def installation():
    with from_nothing() as made:
        yield made
