"""Installations of their own: a data folder with a space in its path, and the real programs around it."""

import pytest

from tests.setup.installation import from_nothing, prepared


@pytest.fixture
def installation():
    with from_nothing() as made:
        yield made


@pytest.fixture
def prepared_installation(run_folder):
    with prepared(run_folder / "prepared") as made:
        yield made
