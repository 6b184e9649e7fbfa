"""The layers are kept (pyproject.toml, `tool.importlinter`), and a breach is really noticed."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from tests.house import ours

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"
LINTED = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["tool"]["importlinter"]


def lint(folder: Path) -> str:
    """Return what import-linter says of the packages in the folder."""
    command = [sys.executable, "-c", LINT, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


@pytest.fixture
def copy(tmp_path):
    """A copy of our packages, to break."""
    shutil.copy(settings.BASE_DIR / "pyproject.toml", tmp_path)
    for package in LINTED["root_packages"]:
        shutil.copytree(settings.BASE_DIR / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_every_app_is_linted():
    assert ours.packages() <= set(LINTED["root_packages"])


def test_the_contracts_are_kept():
    said = lint(settings.BASE_DIR)
    assert "0 broken" in said, said


@pytest.mark.parametrize(
    ("module", "line", "breach"),
    [
        ("customers/lifecycle.py", "from scoring import run", "customers is not allowed to import scoring"),
        ("core/jobs/periodic.py", "from staff.models import User", "core is not allowed to import staff"),
        ("customers/lifecycle.py", "from customers import filters", "customers.lifecycle -> desk.list.filters"),
        (
            "scoring/runs/run.py",
            "from events.admin.event_types import Weighed",
            "scoring.runs.run -> events.admin.event_types",
        ),
        ("events/ingest.py", "from core.templatetags import show", "events.ingest -> core.templatetags.show"),
        ("scoring/engine.py", "import django", "scoring.engine is not allowed to import django"),
        (
            "scoring/engine.py",
            "from scoring import stake",
            "scoring.engine is not allowed to import scoring.risk.at_risk",
        ),
        ("scoring/engine.py", "import numpy", "scoring.engine is not allowed to import numpy"),
    ],
)
def test_a_breach_is_noticed(copy, module, line, breach):
    with (copy / module).open("a") as file:
        file.write(f"\n{line}\n")
    said = lint(copy)
    assert breach in said, said


def test_what_shows_may_look_anywhere(copy):
    for name in ("views", "admin", "filters", "forms"):
        (copy / "core" / f"{name}.py").write_text("from scoring import run\n")
    assert "0 broken" in lint(copy)
