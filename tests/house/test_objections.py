"""Whether a contact is scored changes counts: one verb writes the flag, and every door calls it."""

import ast

import pytest
from django.conf import settings

from tests.house.test_names import files

FLAG = "stop_scoring"
THE_VERB = "events/log/objections.py"
WRITING = ("Contact", "create", "update", "get_or_create", "update_or_create", "bulk_update")


def writes(tree: ast.Module) -> list[int]:
    """Return the lines on which the flag is assigned, or named in a call that writes contacts."""
    return [node.lineno for node in ast.walk(tree) if _assigns(node) or _passes(node)]


def _assigns(node: ast.AST) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
    return any(isinstance(target, ast.Attribute) and target.attr == FLAG for target in targets)


def _passes(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or ast.unparse(node.func).rpartition(".")[2] not in WRITING:
        return False
    words = {keyword.arg for keyword in node.keywords}
    texts = {part.value for arg in node.args for part in ast.walk(arg) if isinstance(part, ast.Constant)}
    return FLAG in words | texts


def test_the_flag_is_written_by_its_verb_only():
    parsed = {path: ast.parse((settings.BASE_DIR / path).read_text()) for path in map(str, files())}
    ours = {path: tree for path, tree in parsed.items() if "/migrations/" not in path}
    assert [path for path, tree in ours.items() if writes(tree)] == [THE_VERB]


@pytest.mark.parametrize(
    "line",
    [
        "contact.stop_scoring = True",
        "Contact.objects.update(stop_scoring=True)",
        "Contact(stop_scoring=True)",
        "rows.bulk_update(contacts, ['name', 'stop_scoring'])",
    ],
)
def test_it_is_noticed(line):
    assert writes(ast.parse(line)) == [1]
