"""An instant has a day only by the company's calendar: nothing takes a date from it in another way."""

import ast
import re

import pytest
from django.conf import settings

from tests.house.test_names import files

# An instant is named so (design: instants end in `_at`), or is `now`.
INSTANTS = ("now", "at", "moment")


def dates_taken(tree: ast.Module) -> list[int]:
    """Return the lines on which `.date()` is called on what is named as an instant."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "date"
        and ast.unparse(node.func.value).rpartition(".")[2].rpartition("_")[2].removesuffix("()") in INSTANTS
    ]


def test_no_module_takes_a_date_from_an_instant():
    parsed = {str(path): ast.parse((settings.BASE_DIR / path).read_text()) for path in files()}
    found = {path: lines for path, tree in parsed.items() if (lines := dates_taken(tree))}
    assert found == {}


def test_no_template_does():
    """`|days_ago` and the other filters of days take instants as they are."""
    templates = (settings.BASE_DIR / "templates").rglob("*.html")
    assert [str(path) for path in templates if re.search(r"\w\.date\b", path.read_text())] == []


@pytest.mark.parametrize("line", ["now.date()", "timezone.now().date()", "act.at.date()", "row.answered_at.date()"])
def test_it_is_noticed(line):
    assert dates_taken(ast.parse(line)) == [1]
