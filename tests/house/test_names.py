"""Names say what a thing is: no function is called `of`, and nothing in our apps is called `said`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.house import ours

PACKAGES = sorted({name.split(".")[0] for name in ours.packages()} | {"engagement_site"})


def is_column(node: ast.stmt) -> bool:
    """Tell whether a statement of a class names a column of the database, which keeps the name it has there."""
    value = getattr(node, "value", None)
    return isinstance(value, ast.Call) and ast.unparse(value.func).startswith("models.")


def bound(tree: ast.Module) -> Iterator[tuple[int, str, bool]]:
    """Yield each name that a module binds: its line, the name, and whether it is that of a function."""
    columns = {
        id(target)
        for cls in ast.walk(tree)
        if isinstance(cls, ast.ClassDef)
        for node in cls.body
        if is_column(node)
        for target in ast.walk(node)
    }
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.lineno, node.name, True
            case ast.ClassDef():
                yield node.lineno, node.name, False
            case ast.Name(ctx=ast.Store()) if id(node) not in columns:
                yield node.lineno, node.id, False
            case ast.arg():
                yield node.lineno, node.arg, False
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield node.lineno, name, False
            case ast.alias():
                yield node.lineno, node.asname or node.name, False


def empty_names(source: str) -> list[tuple[int, str]]:
    names = bound(ast.parse(source))
    return sorted((line, name) for line, name, is_function in names if name == "said" or (name == "of" and is_function))


def files() -> list[Path]:
    root = Path(settings.BASE_DIR)
    every = (path for package in PACKAGES for path in (root / package).rglob("*.py"))
    return sorted(path.relative_to(root) for path in every if "migrations" not in path.parts)


def test_no_function_is_called_of_and_nothing_is_called_said():
    assert len(files()) > 300
    empty = {str(path): names for path in files() if (names := empty_names((settings.BASE_DIR / path).read_text()))}
    assert not empty


@pytest.mark.parametrize(
    "source",
    (
        "def of(x): pass",
        "class A:\n    async def of(self): pass",
        "said = 1",
        "def f(said): pass",
        "def f(**said): pass",
        "[1 for said in ()]",
        "def said(): pass",
        "import x as said",
        "class A:\n    said: str = 'x'",
        "try: pass\nexcept E as said: pass",
        "with x as (said, b): pass",
    ),
)
def test_such_a_name_would_be_found(source):
    assert empty_names(source)


@pytest.mark.parametrize(
    "source",
    (
        "class A:\n    said = models.CharField()",
        "f(said=1)",
        "x.said = x.of",
        "of = models.ForeignKey(x)",
        "def of_customer(): pass",
        "{'said': 1}",
    ),
)
def test_other_names_are_left_alone(source):
    assert not empty_names(source)
