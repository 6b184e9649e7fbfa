"""Whether a person wants surveys: few places write it, and one, behind the link in their mail, takes it back."""

import ast

import pytest
from django.conf import settings

from tests.house.test_names import files

FLAG = "survey_opt_out"
# The verbs; and ingestion and merging, which add a refusal to the rows they write anyway.
WRITING = ["customers/consent/refusals.py", "customers/curation/merges.py", "customers/described/__init__.py"]
LIFTING = {
    "refusals.lift": ["surveys/sending/optouts.py"],
    "optouts.opt_in": ["surveys/views/public/personal.py"],
}


@pytest.fixture(scope="module")
def parsed():
    texts = {path: (settings.BASE_DIR / path).read_text() for path in map(str, files()) if "/migrations/" not in path}
    return {path: ast.parse(text) for path, text in texts.items()}


def assigns(node: ast.AST) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(isinstance(target, ast.Attribute) and target.attr == FLAG for target in targets)


def adds(node: ast.Assign) -> bool:
    """Tell whether what is assigned can only add: True, or what stood before, or something else."""
    if isinstance(node.value, ast.Constant):
        return node.value.value is True
    return (
        isinstance(node.value, ast.BoolOp)
        and isinstance(node.value.op, ast.Or)
        and ast.unparse(node.value.values[0]) == ast.unparse(node.targets[0])
    )


def updates(node: ast.AST) -> bool:
    """Tell whether it is a call of `update` or one that makes contacts, and names the flag."""
    if not isinstance(node, ast.Call) or ast.unparse(node.func).rpartition(".")[2] not in ("update", "Contact"):
        return False
    return FLAG in {keyword.arg for keyword in node.keywords}


def calls(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == name


def test_few_places_write_it_and_an_assignment_only_adds(parsed):
    found = {path: [node for node in ast.walk(tree) if assigns(node)] for path, tree in parsed.items()}
    assert sorted(path for path, nodes in found.items() if nodes) == WRITING
    assert all(adds(node) for nodes in found.values() for node in nodes)
    assert [path for path, tree in parsed.items() if any(map(updates, ast.walk(tree)))] == WRITING[:1]


@pytest.mark.parametrize("name", LIFTING)
def test_it_is_taken_back_by_the_page_behind_the_link_alone(parsed, name):
    found = [path for path, tree in parsed.items() if any(calls(node, name) for node in ast.walk(tree))]
    assert found == LIFTING[name]


def test_it_is_called_by_its_modules_name_alone(parsed):
    names = [node for tree in parsed.values() for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert not {alias.name for node in names for alias in node.names if node.module and "consent" in node.module} & {
        "lift"
    }


@pytest.mark.parametrize("line", ["row.survey_opt_out = False", "row.survey_opt_out = other or row.survey_opt_out"])
def test_what_could_take_it_back_is_noticed(line):
    [node] = [node for node in ast.walk(ast.parse(line)) if assigns(node)]
    assert not adds(node)
