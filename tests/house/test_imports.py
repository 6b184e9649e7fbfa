"""The layers are kept (pyproject.toml, `tool.importlinter`), and a breach is really noticed."""

import ast
import shutil
import subprocess
import sys
import tomllib
from itertools import combinations
from pathlib import Path

import pytest
from django.conf import settings

from tests.house import ours

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"
LINTED = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["tool"]["importlinter"]

# module → a line that breaks a contract → what import-linter then says
BREACHES = [
    ("customers/lifecycle.py", "from scoring.runs import run", "customers is not allowed to import scoring"),
    ("core/jobs/periodic.py", "from staff.models import User", "core is not allowed to import staff"),
    # What shows looks only down, too: a page, a form, an admin, a filter, a template tag, the API.
    ("scoring/views/score.py", "from desk.at_risk import views", "scoring is not allowed to import desk"),
    ("surveys/forms/about.py", "from desk.list import filters", "surveys is not allowed to import desk"),
    ("events/admin/sources.py", "from scoring.models import Status", "events is not allowed to import scoring"),
    ("surveys/filters.py", "from scoring.models import Factor", "surveys is not allowed to import scoring"),
    ("core/templatetags/show.py", "from customers.models import Customer", "core is not allowed to import customers"),
    ("records/api/urls.py", "from surveys.models import Survey", "records is not allowed to import surveys"),
    # Nobody imports the composition root, and made-up data stays out of what is real.
    ("desk/urls.py", "from engagement_site import settings", "desk is not allowed to import engagement_site"),
    ("imports/tasks.py", "from samples import versions", "imports is not allowed to import samples"),
    # The arithmetic is pure.
    ("scoring/engine/health.py", "import django", "scoring.engine is not allowed to import django"),
    ("scoring/engine/factors/nps.py", "import numpy", "scoring.engine is not allowed to import numpy"),
    ("scoring/vectorised/sums.py", "import django", "scoring.vectorised is not allowed to import django"),
    ("scoring/engine/shapes.py", "from scoring import models", "scoring.engine is not allowed to import scoring"),
    ("scoring/backtest/suggest.py", "import psycopg", "scoring.backtest.suggest is not allowed to import psycopg"),
    ("surveys/results/statistics.py", "import numpy", "surveys.results.statistics is not allowed to import numpy"),
]  # fmt: skip


def lint(folder: Path) -> str:
    """Return what import-linter says of the packages in the folder."""
    command = [sys.executable, "-c", LINT, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


@pytest.fixture(scope="module")
def report_of_broken_copy(tmp_path_factory):
    """What import-linter says of a copy of our packages in which every breach above was made."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copy(settings.BASE_DIR / "pyproject.toml", folder)
    for package in LINTED["root_packages"]:
        shutil.copytree(settings.BASE_DIR / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    for module, line, _message in BREACHES:
        path = folder / module
        path.write_text(f"{path.read_text()}\n{line}\n")  # read first: a module that is not there fails the test
    return lint(folder)


def test_every_app_is_linted():
    assert ours.packages() <= set(LINTED["root_packages"])


def test_every_app_has_a_layer_of_its_own():
    [layers] = [contract["layers"] for contract in LINTED["contracts"] if contract["type"] == "layers"]
    there = [layer for layer in layers if not layer.startswith("(")]
    assert sorted(there) == sorted(LINTED["root_packages"])


def test_no_import_is_exempt():
    assert not [contract for contract in LINTED["contracts"] if "ignore_imports" in contract]


def test_the_contracts_are_kept():
    report = lint(settings.BASE_DIR)
    assert "0 broken" in report, report


@pytest.mark.parametrize(("module", "line", "message"), BREACHES)
def test_a_breach_is_noticed(report_of_broken_copy, module, line, message):
    name = module.removesuffix(".py").replace("/", ".")
    assert message in report_of_broken_copy
    assert f"{name} -> {line.split()[1]}" in report_of_broken_copy


def test_no_two_apps_import_each_other():
    pairs = {(package, other) for package in LINTED["root_packages"] for other in _imported_apps(package)}
    assert [pair for pair in combinations(LINTED["root_packages"], 2) if {pair, pair[::-1]} <= pairs] == []


def _imported_apps(package: str) -> set[str]:
    """Return the other apps that a package's modules name in an import, wherever it stands in the file."""
    modules = [
        module
        for path in (settings.BASE_DIR / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for module in _modules(node)
    ]
    return {module.partition(".")[0] for module in modules} & set(LINTED["root_packages"]) - {package}


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
