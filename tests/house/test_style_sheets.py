"""Our style sheets stay few, short and alive, and their spaces those of one scale (docs/develop/style-sheets.md)."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from core.web.static_files import SHEETS as SHEETS_OF_STORAGE
from core.web.static_files import put_together

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


MOST_FILES = 10
MOST_LINES = 1800  # altogether
# Each page loads exactly one of ours: colleagues' pages, those at which people answer, the admin (beside Django's).
LOADED = {
    "templates/base.html": "css/site.css",
    "templates/surveys/answer/base.html": "css/public.css",
    "templates/admin/base_site.html": "css/admin.css",
}
STEP = r"(?:0|auto|var\(--space-[1-5]\)|calc\((?:-1 \* )?var\(--space-[1-5]\)(?: \+ var\(--space-[1-5]\))?\))"
SPACES = re.compile(rf"{STEP}(?: {STEP})*")
SPACE = re.compile(r"^\s*((?:padding|margin)(?:-[\w-]+)?|(?:row-|column-)?gap):\s*([^;]+);", re.MULTILINE)


def rules(sheet: str) -> list[tuple[str, ...]]:
    """Return each rule of a sheet as the selectors and conditions it stands in, outermost first."""
    sheet, inside, found = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL), [], []
    for head, end in re.findall(r"([^{};]*)([{};])", sheet):
        if end == "{":
            inside.append(" ".join(head.split()))
            if not inside[-1].startswith("@"):
                found.append(tuple(inside))
        elif end == "}":
            inside.pop()
    return found


def test_our_sheets_are_few_and_short():
    assert len(SHEETS) <= MOST_FILES
    assert sum(len(sheet.read_text().splitlines()) for sheet in SHEETS) <= MOST_LINES


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_line_is_short_and_holds_one_declaration(sheet):
    bare = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    assert [line for line in sheet.read_text().splitlines() if len(line) > 120] == []
    assert [line for line in bare.splitlines() if line.count(";") > 1 or re.search(r"\{.*\S", line)] == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_spaces_are_of_the_scale(sheet):
    found = SPACE.findall(sheet.read_text())
    assert [f"{name}: {value}" for name, value in found if not SPACES.fullmatch(value)] == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_what_must_win_says_why(sheet):
    assert [line for line in sheet.read_text().splitlines() if "!important" in line and "/*" not in line] == []


def test_no_rule_is_written_twice():
    seen = Counter(rule for sheet in SHEETS if sheet.name != "public.css" for rule in rules(sheet.read_text()))
    assert [rule for rule, count in seen.items() if count > 1] == []


def test_every_sheet_is_imported_or_loaded():
    folder = ROOT / "static/css"
    reached = {folder / path.removeprefix("css/") for path in LOADED.values()}
    for sheet in list(reached):
        reached |= {(folder / name).resolve() for name in re.findall(r'@import url\("([^"]+)"\)', sheet.read_text())}
    assert set(SHEETS) - reached == set()


def test_each_page_loads_one_sheet_of_ours():
    linked = {
        str(path.relative_to(ROOT)): re.findall(r'\{% static "(css/[^"]+)" %\}', path.read_text())
        for path in sorted((ROOT / "templates").rglob("*.html"))
    }
    assert {name: sheets for name, sheets in linked.items() if sheets} == {name: [one] for name, one in LOADED.items()}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "sheet"), [("/sign-in/", "site"), ("/no/such/page/", "site"), ("/s/no/", "public")]
)
def test_a_page_has_one_sheet(client, address, sheet):
    html = client.get(address).content.decode()
    assert re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)[0].endswith(f"css/{sheet}.css")
    assert html.count('href="/static/css/') == 1


def test_rules_are_found_in_what_they_stand_in():
    sheet = "a { b: c; &:hover { d: e } } @media print { a { b: c } }"
    assert rules(sheet) == [("a",), ("a", "&:hover"), ("@media print", "a")]


def test_sheets_are_put_together_in_their_layers():
    sheets = {
        "css/all.css": '@layer one;\n@import url("../font/of.css") layer(one);\n@import url("b.css") layer(two);\n',
        "font/of.css": '/* c */\n@font-face { src: url(./files/a.woff2), url("data:x") }\n',
        "css/b.css": "a { b: c }\n",
    }
    assert put_together("css/all.css", sheets.__getitem__) == (
        '@layer one;\n@layer one {\n@font-face { src: url("../font/files/a.woff2"), url("data:x") }\n}\n'
        "@layer two {\na { b: c }\n}\n"
    )


def test_the_sheets_that_are_built_are_those_that_are_loaded():
    assert set(SHEETS_OF_STORAGE) == {sheet for sheet in LOADED.values() if sheet != "css/admin.css"}
