"""No rule of our style sheets is dead: each class is written somewhere in a template, a script or the code."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
SHEETS = sorted((ROOT / "static/css").glob("*.css"))
# What libraries set: htmx on what it is fetching for, the browser's own states are no classes.
BY_LIBRARIES = {"htmx-request"}


def classes_of(sheet: str) -> set[str]:
    """Return the classes that selectors of a sheet name."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    selectors = re.findall(r"[^{};]*(?=\{)", sheet)
    return {name for selector in selectors for name in re.findall(r"\.([A-Za-z_][\w-]*)", selector)}


def classes_written(templates: list[str], code: list[str]) -> tuple[set[str], set[str]]:
    """Return the classes that are written, and the beginnings of those that end in a value, such as `bar-`.

    In templates they stand in `class="…"` and in strings of tags; in code in strings.
    """
    texts: list[str] = []
    for template in templates:
        texts += re.findall(r"""class=(?:"((?:\{[{%].*?[%}]\}|[^"])*)")""", template, flags=re.DOTALL)
        texts += [text for tag in re.findall(r"\{[%{].*?[%}]\}", template) for text in re.findall(r'"([^"]*)"', tag)]
    for source in code:
        texts += re.findall(r"""["'`]([^"'`\n]*)["'`]""", source)
    beginnings = {name for text in texts for name in re.findall(r"([A-Za-z_][\w-]*-)(?:\{\{|\$\{|\{)", text)}
    names = {name for text in texts for name in re.findall(r"[A-Za-z_][\w-]*", text)}
    return names, beginnings


def dead(sheet: str, written: tuple[set[str], set[str]]) -> set[str]:
    names, beginnings = written
    live = names | BY_LIBRARIES
    return {name for name in classes_of(sheet) - live if not any(name.startswith(start) for start in beginnings)}


@pytest.fixture(scope="module")
def written() -> tuple[set[str], set[str]]:
    apps = {contract.name for contract in ROOT.iterdir() if (contract / "__init__.py").exists()} - {"tests", "bench"}
    code = [path.read_text() for app in sorted(apps) for path in sorted((ROOT / app).rglob("*.py"))]
    scripts = [path.read_text() for path in sorted((ROOT / "static").glob("*.js"))]
    templates = [path.read_text() for path in sorted((ROOT / "templates").rglob("*.html"))]
    return classes_written(templates, code + scripts)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_class_of_our_sheets_is_used(sheet, written):
    assert dead(sheet.read_text(), written) == set()


def test_a_dead_rule_would_be_seen():
    written = classes_written(
        ['<p class="note{% if wide %} wide{% endif %} bar-{{ tone }}">{% include "x" with css="tall" %}</p>'],
        ['element.classList.add("open")'],
    )
    sheet = "/* .gone */ .note, .wide:hover > .tall { a: b } .bar-red { } @media print { .open { } .dead { } }"
    assert dead(sheet, written) == {"dead"}
