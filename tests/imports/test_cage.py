"""The process that reads a workbook: whatever it does, one sentence comes of it, and it is gone."""

import ast
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from imports import reading
from imports.problems import Unreadable
from imports.reading import cage, limits, workbook
from tests.imports.files import workbook as made
from tests.setup.installation import PATIENCE, is_alive

BOOK = made([["id"], *[[f"c{i}"] for i in range(20_000)]])
HEAD = r"""print('{"sheets":["One"],"sheet":"One"}', flush=True);"""
BEHAVIOURS = {
    "ends at once": "",
    "fails": "raise SystemExit(3)",
    "is killed": "import os; os.kill(os.getpid(), 9)",
    "crashes": "import os; os.kill(os.getpid(), 11)",
    "aborts": "import os; os.abort()",
    "says nothing": "import time; time.sleep(1000)",
    "computes for ever": "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass",
    "runs out of memory": "import resource; resource.setrlimit(resource.RLIMIT_AS, (1<<27, 1<<27)); x = b'x' * (1<<28)",
    "talks nonsense": "print('hello')",
    "says what is no text": "import sys; sys.stdout.buffer.write(b'\\xff\\xfe\\n')",
    "says a value of another kind": "print('[1, 2]')",
    "says nested values": "print('[' * 100_000)",
    "never ends a line": "import sys\nwhile True: sys.stdout.write('x' * 65536)",
    "refuses for no reason we know": """print('{"refused": "large file"}')""",
    "refuses with what is no line": """print('{"refused": "long line", "line": "x"}')""",
    "names no sheets": """print('{"sheets": [], "sheet": "One"}')""",
    "reads another sheet than it names": """print('{"sheets": ["One"], "sheet": "Two"}')""",
}
LATER = {
    "dies among the rows": """print('["id"]'); print('["a"]'); raise SystemExit(1)""",
    "stops without an end": """print('["id"]'); print('["a"]')""",
    "gives a cell that is no text": "print('[1]')",
    "gives a row that is no row": """print('{"a": 1}')""",
    "gives a problem nobody knows": """print('"nul"')""",
    "gives rows for ever": "import sys\nwhile True: sys.stdout.write('[]\\n' * 10_000)",
    "hangs among the rows": """print('["id"]', flush=True); import time; time.sleep(1000)""",
}


@pytest.fixture
def behaves(monkeypatch, tmp_path):
    """Have another program in the place of the one that reads."""

    def behaves(program):
        path = tmp_path / "program.py"
        path.write_text(program)
        monkeypatch.setattr(cage, "_PROGRAM", path)
        monkeypatch.setattr(limits, "SECONDS", 3)
        monkeypatch.setattr(limits, "MOST_SHEET_CELLS", 100_000)

    return behaves


@pytest.fixture(autouse=True)
def _no_process_stays():
    yield
    assert psutil.Process().children() == []


def refusal():
    with pytest.raises(Unreadable) as refused, workbook.opened([BOOK]) as book:
        list(book.lines)
    return refused.value.code


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_whatever_it_does_at_first_is_one_sentence(behaves, name):
    behaves(BEHAVIOURS[name])
    assert refusal() == "heavy workbook"


@pytest.mark.parametrize("name", LATER)
def test_whatever_it_does_among_the_rows_is_one_sentence(behaves, name):
    behaves(HEAD + LATER[name])
    assert refusal() == "heavy workbook"


def test_the_log_says_what_happened(behaves, caplog):
    behaves("import os; os.abort()")
    refusal()
    assert "It ended with -6." in caplog.text


def test_where_it_cannot_be_started_the_file_is_not_to_blame(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert refusal() == "busy"


def test_one_reads_at_a_time_and_the_next_is_told_to_wait(monkeypatch):
    with workbook.opened([BOOK]) as book:
        monkeypatch.setattr(limits, "TURN", 0.01)
        assert refusal() == "busy"
        assert next(book.lines).cells == ["id"]
    monkeypatch.undo()
    assert len(list(reading.lines([BOOK], reading.Shape()))) == 20_001


def test_who_stops_reading_ends_it():
    lines = reading.lines([BOOK], reading.Shape())
    assert next(lines).cells == ["id"]
    [child] = psutil.Process().children()
    lines.close()
    assert not child.is_running()


ORPHAN = """
import django, sys, time
django.setup()
from imports.reading import workbook
with workbook.opened([open(sys.argv[1], "rb").read()]) as book:
    next(book.lines)
    print("reading", flush=True)
    time.sleep(1000)
"""


def test_it_ends_when_whoever_reads_is_killed_outright(tmp_path):
    (tmp_path / "book.xlsx").write_bytes(BOOK)
    reader = subprocess.Popen(
        [sys.executable, "-c", ORPHAN, tmp_path / "book.xlsx"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    with reader:
        assert reader.stdout.readline() == "reading\n"
        [child] = psutil.Process(reader.pid).children()
        reader.kill()
    give_up_at = time.monotonic() + PATIENCE
    while is_alive(child):
        assert time.monotonic() < give_up_at
        time.sleep(0.01)


def test_a_signal_to_the_whole_service_does_not_end_it():
    with workbook.opened([BOOK]) as book:
        next(book.lines)
        [child] = psutil.Process().children()
        child.terminate()
        assert len(list(book.lines)) == 20_000


def test_it_has_no_environment_and_no_files_but_the_one(behaves, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    behaves(
        "import json, os\n"
        "open_files = sorted(os.listdir('/proc/self/fd'), key=int)\n"
        """print(json.dumps({"sheets": ["One"], "sheet": "One"}))\n"""
        "print(json.dumps([*sorted(set(os.environ) - {'LD_LIBRARY_PATH', 'LC_CTYPE'}), str(len(open_files))]))\n"
        "print('null')"
    )
    monkeypatch.setattr(limits, "SECONDS", 60)
    with workbook.opened([BOOK]) as book:
        # Standard input, output and errors, the workbook, and the folder it lists them from.
        assert [line.cells for line in book.lines] == [["5"]]


def test_it_locks_itself_in():
    with workbook.opened([BOOK]) as book:
        next(book.lines)
        [child] = psutil.Process().children()
        assert child.rlimit(psutil.RLIMIT_AS) == (limits.MEMORY, limits.MEMORY)
        assert child.rlimit(psutil.RLIMIT_CPU) == (limits.SECONDS, limits.SECONDS)
        for limit in (psutil.RLIMIT_FSIZE, psutil.RLIMIT_CORE, psutil.RLIMIT_NPROC, psutil.RLIMIT_NOFILE):
            assert child.rlimit(limit) == (0, 0)
        assert Path(f"/proc/{child.pid}/oom_score_adj").read_text() == "1000\n"


def test_it_imports_nothing_but_what_reads_workbooks():
    tree = ast.parse(cage._PROGRAM.read_text())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {name for node in imports for name in ([node.module] if isinstance(node, ast.ImportFrom) else _names(node))}
    assert {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names) == {"python_calamine"}


def _names(node):
    return [alias.name for alias in node.names]
