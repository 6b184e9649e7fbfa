"""Folders say their floor and stay small; so do files and functions."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.house.test_imports import LINTED

MOST_ENTRIES = 14  # in an app's root folder
MOST_LINES = 250  # in a file
MOST_LINES_OF_A_FUNCTION = 40
# What Django or Celery looks for by this name says nothing about how an app is built.
NOT_COUNTED = {"__init__", "apps", "models", "migrations", "admin", "management", "templatetags", "tasks", "urls"}


def files() -> Iterator[Path]:
    """Yield our Python files; migrations are left out: they are a record, not a design."""
    for package in LINTED["root_packages"]:
        yield from (p for p in sorted((settings.BASE_DIR / package).rglob("*.py")) if p.parent.name != "migrations")


def entries(folder: Path) -> list[str]:
    """Return what counts in an app's root folder: its modules and its folders of modules."""
    names = {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    return sorted(names - NOT_COUNTED)


@pytest.mark.parametrize("package", LINTED["root_packages"])
def test_an_app_has_few_rooms(package):
    found = entries(settings.BASE_DIR / package)
    assert len(found) <= MOST_ENTRIES, f"{package}/ has {len(found)}; make a folder that says its floor: {found}"


def test_files_are_short():
    lines = {str(path.relative_to(settings.BASE_DIR)): len(path.read_text().splitlines()) for path in files()}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_functions_are_short():
    too_long = [
        f"{path.relative_to(settings.BASE_DIR)}:{node.name} ({node.end_lineno - node.lineno + 1} lines)"
        for path in files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= MOST_LINES_OF_A_FUNCTION
    ]
    assert too_long == []


def test_entries_are_counted_as_promised(tmp_path):
    for name in ("models", "views", "lifecycle"):
        (tmp_path / f"{name}.py").touch()
    for name in ("engine", "no_package"):
        (tmp_path / name).mkdir()
    (tmp_path / "engine" / "__init__.py").touch()
    assert entries(tmp_path) == ["engine", "lifecycle", "views"]
