"""A Redis of the test's own, in front of an installation of its own."""

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.redis.bell import Bell
from tests.setup.installation import prepared


@pytest.fixture
def installation(run_folder):
    with prepared(run_folder / "prepared") as made:
        yield made


@pytest.fixture
def bell():
    folder = Path(tempfile.mkdtemp(prefix="rapport bell "))
    made = Bell(folder)
    made.start()
    yield made
    made.kill()
    shutil.rmtree(folder)
