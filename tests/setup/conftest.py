"""Installations of their own: a data folder with a space in its path, and the real programs around it."""

import shutil
import tempfile
from pathlib import Path

import pytest

from engagement_site.embedded import places
from tests.setup.installation import Installation


@pytest.fixture
def installation():
    """Start from nothing, and leave nothing behind: neither processes nor folders."""
    outside = Path(tempfile.mkdtemp(prefix="rapport tests "))
    outside.chmod(0o755)  # as root, the servers run as another user
    made = Installation(outside / "data")
    yield made
    made.end()
    shutil.rmtree(outside)
    shutil.rmtree(places.away(made.folder), ignore_errors=True)
